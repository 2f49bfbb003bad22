import pytest

from streamer import errors
from streamer.errors import (
    CorruptError,
    Fault,
    FrameError,
    IncompatibleError,
    RefusedError,
    SampleError,
    SettingsError,
    StartError,
    StoppedError,
    StreamerError,
    UnavailableError,
)


def test_a_message_says_what_happened_what_it_got_what_it_expected_and_what_to_do() -> None:
    error = StreamerError("the door is shut", got="a wall", expected="a door", remedy="knock")
    assert str(error) == "the door is shut; got: a wall; expected: a door; do this: knock"


def test_a_message_leaves_out_what_it_does_not_know() -> None:
    assert str(StreamerError("the door is shut")) == "the door is shut"
    assert str(StreamerError("the door is shut", remedy="knock")) == "the door is shut; do this: knock"


def test_a_got_of_zero_or_of_nothing_at_all_is_still_said() -> None:
    assert str(StreamerError("short", got=0)) == "short; got: 0"
    assert str(StreamerError("short", got="")) == "short; got: "


def test_an_error_keeps_its_data_beside_its_message() -> None:
    error = FrameError("no frame", reason="size", got=7, expected="8", remedy="send 8")
    assert (error.what, error.reason, error.got, error.expected, error.remedy) == ("no frame", "size", 7, "8", "send 8")


def test_a_settings_error_lists_every_fault_with_its_origin_and_its_cure() -> None:
    faults = [Fault("a.b", "got 0", "give 1", "file.toml"), Fault("c", "got 2", "give 3")]
    error = SettingsError(faults)
    assert error.faults == tuple(faults)
    assert str(error).splitlines() == [
        "2 settings cannot be used:",
        "  a.b (from file.toml): got 0; do this: give 1",
        "  c: got 2; do this: give 3",
    ]


def test_a_single_fault_is_counted_in_the_singular() -> None:
    assert str(SettingsError([Fault("c", "got 2", "give 3")])).startswith("1 setting cannot be used:")


@pytest.mark.parametrize(
    ("error", "parents"),
    [
        (SettingsError, {StartError}),
        (UnavailableError, {StartError}),
        (IncompatibleError, {StartError}),
        (FrameError, {RefusedError}),
        (SampleError, {RefusedError, ValueError}),
        (CorruptError, {StreamerError}),
        (StoppedError, {StreamerError}),
        (StartError, {StreamerError}),
        (RefusedError, {StreamerError}),
    ],
)
def test_the_tree_is_split_by_what_the_caller_should_do(error: type[Exception], parents: set[type[Exception]]) -> None:
    assert set(error.__bases__) == parents


def test_the_drawing_in_the_module_docstring_names_every_error() -> None:
    raised = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, StreamerError)}
    drawn = {word for word in (errors.__doc__ or "").replace("─", " ").split() if word.endswith("Error")}
    assert drawn == raised


def test_what_is_corrupt_is_never_a_reason_to_skip_or_to_refuse_to_start() -> None:
    assert not issubclass(CorruptError, RefusedError | StartError)
    assert not issubclass(StoppedError, RefusedError | StartError)


def test_a_fault_is_a_value_that_cannot_be_changed() -> None:
    fault = Fault("a", "b", "c")
    with pytest.raises(AttributeError):
        fault.setting = "d"  # type: ignore[misc]
    assert fault == Fault("a", "b", "c")
