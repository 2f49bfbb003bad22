import msgspec
import pytest

from streamer.wire.messages import (
    CLASSES,
    ENDLESS,
    NO_SESSION,
    Data,
    Hello,
    Kind,
    Message,
    Ping,
    Progress,
    Welcome,
)


def test_every_kind_has_one_class_and_every_class_one_kind() -> None:
    assert set(CLASSES) == set(Kind)
    assert len(set(CLASSES.values())) == len(Kind)


def test_the_numbers_of_the_kinds_never_change() -> None:
    assert {kind.name: int(kind) for kind in Kind} == {
        "HELLO": 1,
        "WELCOME": 2,
        "DATA": 3,
        "PROGRESS": 4,
        "RESEND": 5,
        "HELLO_AGAIN": 6,
        "REFUSED": 7,
        "PING": 8,
        "BYE": 9,
        "FLUSH": 10,
        "PREDICTIONS": 11,
    }


def test_the_order_of_the_fields_never_changes_but_for_new_ones_at_the_end() -> None:
    first = {
        Kind.HELLO: (
            "session",
            "stream",
            "inputs",
            "epoch",
            "first",
            "next",
            "buffer",
            "incarnation",
            "predictions",
            "confirmed",
        ),
        Kind.WELCOME: ("session", "start", "limit", "predictions"),
        Kind.DATA: ("session", "first", "count", "inputs"),
        Kind.PROGRESS: ("session", "cursor", "acknowledged", "limit", "rejected"),
        Kind.RESEND: ("session", "start"),
        Kind.HELLO_AGAIN: ("session",),
        Kind.REFUSED: ("session", "reason", "explanation", "retry"),
        Kind.PING: ("session", "next", "confirmed"),
        Kind.BYE: ("session",),
        Kind.FLUSH: ("session", "next", "confirmed"),
        Kind.PREDICTIONS: ("session", "first", "count"),
    }
    assert set(first) == set(Kind)
    for kind, fields in first.items():
        assert CLASSES[kind].__struct_fields__[: len(fields)] == fields


@pytest.mark.parametrize("cls", CLASSES.values(), ids=lambda cls: cls.__name__)
def test_every_message_begins_with_its_session(cls: type[Message]) -> None:
    assert cls.__struct_fields__[0] == "session"


def test_a_message_is_a_value_that_cannot_be_changed() -> None:
    assert Welcome(1, 2, 3, 0) == Welcome(1, 2, 3, 0) != Welcome(1, 2, 4, 0)
    with pytest.raises(AttributeError):
        Ping(1, 0, 0).session = 2  # type: ignore[misc]


def test_messages_of_different_kinds_differ_even_with_equal_fields() -> None:
    assert CLASSES[Kind.HELLO_AGAIN](1) != CLASSES[Kind.BYE](1)


def test_an_endless_log_and_no_session_can_be_said() -> None:
    hello = Hello(NO_SESSION, "s", 1, "0" * 16, 0, ENDLESS, 0, 9, False, 0)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(hello), type=Hello) == hello


@pytest.mark.parametrize(
    "message",
    [
        Welcome(-1, 0, 0, 0),
        Welcome(2**63, 0, 0, 0),
        Progress(1, -1, 0, 0, 0),
        Progress(1, 0, 0, 2**62 + 1, 0),
        Data(1, 0, 0, 1),
        Data(1, 0, 65_537, 1),
        Data(1, 0, 1, 0),
        Data(1, 0, 1, 65),
    ],
    ids=repr,
)
def test_a_number_out_of_bounds_is_not_decoded(message: Message) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=type(message))
