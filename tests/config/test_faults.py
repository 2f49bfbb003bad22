import pytest
from pydantic import ValidationError

from streamer.config.faults import faults_of, setting_names, unknown
from streamer.config.learner import LearnerSettings
from streamer.config.settings import Settings

MANY = ["seed", "learner.hidden", "learner.truncation", "transport.window", "a.a", "a.b", "a.c", "a.d", "a.e"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("learner.hiden", "learner.hidden"),
        ("hidden", "learner.hidden"),
        ("lerner.truncation", "learner.truncation"),
        ("network.window", "transport.window"),
        ("sed", "seed"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_one(written: str, meant: str) -> None:
    assert unknown(written, MANY).remedy == f"write {meant}"


def test_a_name_like_no_other_is_answered_with_all_names_if_they_are_few() -> None:
    assert unknown("zzzz", ["one", "two"]).remedy == "use one of one, two"


def test_a_name_like_no_other_is_answered_with_where_to_look_if_they_are_many() -> None:
    assert "check-config" in unknown("zzzz.qqqq", MANY).remedy


def test_a_fault_keeps_where_its_setting_came_from() -> None:
    assert unknown("zzzz", MANY, "--set").origin == "--set"


def test_setting_names_are_dotted_and_never_name_a_group() -> None:
    names = list(setting_names(Settings))
    assert {"seed", "learner.hidden", "learner.engine", "transport.listen", "checkpoints.keep"} <= set(names)
    assert not {"learner", "transport", "checkpoints"} & set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("values", "setting", "problem", "remedy"),
    [
        ({"hidden": 0}, "hidden", "got 0, out of range", "give at least 1"),
        ({"hidden": 257}, "hidden", "got 257, out of range", "give at most 256"),
        ({"step_size": 0.0}, "step_size", "got 0.0, out of range", "give more than 0"),
        ({"hidden": "wide"}, "hidden", "got 'wide'", "integer"),
        ({"hidden": 1.5}, "hidden", "got 1.5", "integer"),
        ({"step_size": float("nan")}, "step_size", "got nan", "finite"),
        ({"step_size": float("inf")}, "step_size", "got inf", ""),
        ({"hiden": 3}, "hiden", "no setting has this name", "write hidden"),
    ],
)
def test_each_fault_says_what_it_got_and_what_to_give(
    values: dict[str, object], setting: str, problem: str, remedy: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        LearnerSettings.model_validate(values)
    [fault] = faults_of(caught.value, LearnerSettings, {setting: "somewhere"})
    assert (fault.setting, fault.origin) == (setting, "somewhere")
    assert problem in fault.problem
    assert remedy in fault.remedy
