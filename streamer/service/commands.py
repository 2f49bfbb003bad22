"""What a person may tell a running daemon to do with a stream, and its answer: one JSON object each way."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from streamer.errors import FrameError
from streamer.wire.messages import StreamName

Verb = Literal["freeze", "thaw", "reset", "rollback", "retire"]
Facts = dict[str, str | int | bool]


class Command(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to do with which stream."""

    verb: Verb
    """`freeze`: predict without learning, until `thaw`. `reset`: begin anew, where each log is. `rollback`: go on with
    the learner of an older checkpoint. `retire`: forget the stream and move its folder aside."""
    stream: StreamName
    to: Annotated[int, Meta(ge=1)] | None = None
    """The serial to roll back to; None is the one before the newest."""


class Answer(Struct, frozen=True, omit_defaults=True):
    """What was done; or, with `error`, that it was not, or is not on disk yet, and why."""

    facts: Facts = {}
    error: str = ""
    mistake: bool = False
    """Whether the error is the caller's: there is no such stream, or no such checkpoint."""


def encode(thing: Command | Answer) -> bytes:
    """As bytes.

    >>> encode(Command("freeze", "s"))
    b'{"verb":"freeze","stream":"s"}'
    """
    return msgspec.json.encode(thing)


def decode_command(data: bytes) -> Command:
    """The command in bytes; FrameError if there is none."""
    try:
        return msgspec.json.decode(data, type=Command)
    except msgspec.DecodeError as error:
        raise FrameError("not a command", reason="command", got=str(error)) from None


def decode_answer(data: bytes) -> Answer:
    """The answer in bytes; FrameError if there is none."""
    try:
        return msgspec.json.decode(data, type=Answer)
    except msgspec.DecodeError as error:
        raise FrameError("not an answer", reason="command", got=str(error)) from None
