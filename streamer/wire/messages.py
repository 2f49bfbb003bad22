"""The messages of the reliable protocol, version 1. One class a kind.

Fields are only ever added at the end, with a default, so that a side which does not know them may leave them out.

    producer                          daemon
      HELLO    stream, log     ──►
                               ◄──    WELCOME  session, where to start, how far to go
      DATA     samples         ──►
                               ◄──    PREDICTIONS   if asked for, again until they are confirmed
                               ◄──    PROGRESS what is learned, what may be forgotten, how far to go
                               ◄──    RESEND   from a number: something was missing or damaged
      PING                     ──►
      FLUSH    make it last    ──►
      BYE                      ──►
                               ◄──    HELLO_AGAIN  this session is not known (the daemon was restarted)
                               ◄──    REFUSED  and why, and whether it is worth trying again

A session's id, not the connection, says who sends: a connection may be made anew without either side asking for it.
"""

from enum import IntEnum
from typing import Annotated

from msgspec import Meta, Struct

from streamer.columns import PLAIN, Schema

VERSION = 1
NO_SESSION = 0
ENDLESS = 2**62
"""What a log without an end gives as its `next`."""

Number = Annotated[int, Meta(ge=0, le=2**62)]
SessionId = Annotated[int, Meta(ge=0, le=2**63 - 1)]
STREAM_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z"
"""A stream's name becomes a folder's: no separators, no leading dot, at most 64 characters."""
StreamName = Annotated[str, Meta(pattern=STREAM_NAME)]
Epoch = Annotated[str, Meta(pattern=r"^[0-9a-f]{16,64}\Z")]


class Kind(IntEnum):
    """The second element of every header."""

    HELLO = 1
    WELCOME = 2
    DATA = 3
    PROGRESS = 4
    RESEND = 5
    HELLO_AGAIN = 6
    REFUSED = 7
    PING = 8
    BYE = 9
    FLUSH = 10
    PREDICTIONS = 11


class Message(Struct, frozen=True, array_like=True):
    """What follows version and kind in every header begins with the session."""

    session: SessionId


class Hello(Message, frozen=True, array_like=True):
    """A producer offers its log of one stream: the numbers first ≤ n < next, of `inputs` inputs each."""

    stream: StreamName
    inputs: Annotated[int, Meta(ge=1, le=64)]
    epoch: Epoch
    first: Number
    next: Number
    buffer: Number
    """Events the producer can hold until they are acknowledged; 0 if it can give any of them again for ever."""
    incarnation: SessionId
    """A random number that is the producer's own as long as it lives: a hello with the same one fences nobody off."""
    predictions: bool = False
    """Whether the daemon shall send each prediction back."""
    confirmed: Number = 0
    """Predictions below this number have arrived."""
    schema: Schema = PLAIN
    """What the rows mean: none or `inputs` columns by name; with them a missing value is NaN."""


class Welcome(Message, frozen=True, array_like=True):
    """The session's id; send from `start`, numbers below `limit`; the first prediction to come is `predictions`'s."""

    start: Number
    limit: Number
    predictions: Number = 0


class Data(Message, frozen=True, array_like=True):
    """`count` events from `first` on, `labels` of them labels of earlier samples; the rest are samples.

    Payload: the samples, each `inputs` + 1 float32, x then y; then the labels, 16 bytes each (`wire/blocks.py`).
    """

    first: Number
    count: Annotated[int, Meta(ge=1, le=65_536)]
    inputs: Annotated[int, Meta(ge=1, le=64)]
    labels: Annotated[int, Meta(ge=0, le=65_536)] = 0


class Progress(Message, frozen=True, array_like=True):
    """Learned: numbers below `cursor`. Safe to forget: below `acknowledged`. Allowed to send: below `limit`."""

    cursor: Number
    acknowledged: Number
    limit: Number
    rejected: Number = 0
    """Samples of this session that the learner could not take."""


class Resend(Message, frozen=True, array_like=True):
    """Send again from `start`."""

    start: Number


class HelloAgain(Message, frozen=True, array_like=True):
    """The session of a frame is not known here."""


class Refused(Message, frozen=True, array_like=True):
    """The daemon will not have this; `retry` if it may later."""

    reason: str
    explanation: str
    retry: bool


class Ping(Message, frozen=True, array_like=True):
    """Still here, and all below `next` is sent; the daemon answers with PROGRESS, and RESEND if some is missing."""

    next: Number = 0
    confirmed: Number = 0
    """Predictions below this number have arrived; the daemon may forget them."""
    ready: Number = 0
    """The log has events below this number, sent or not: how far the learner is behind. 0 tells nothing."""


class Flush(Message, frozen=True, array_like=True):
    """A ping at the log's end for now: checkpoint what is learned, so that all of it is acknowledged soon."""

    next: Number = 0
    confirmed: Number = 0
    ready: Number = 0


class Predictions(Message, frozen=True, array_like=True):
    """`count` predictions from number `first` on. Payload: count rows of float32; NaN for a rejected sample.

    A row is a probability; or those of the classes found so far, in the order of `classes`; or for each horizon the
    value expected, and the lower and upper end of its interval.
    """

    first: Number
    count: Annotated[int, Meta(ge=1, le=65_536)]
    width: Annotated[int, Meta(ge=1, le=64)] = 1
    """Numbers in a row."""
    classes: Annotated[tuple[float, ...], Meta(max_length=64)] = ()
    """The targets that the first places of a row are the probabilities of; the other places are 0."""


class Bye(Message, frozen=True, array_like=True):
    """The producer is done; its stream is free."""


CLASSES: dict[int, type[Message]] = {
    Kind.HELLO: Hello,
    Kind.WELCOME: Welcome,
    Kind.DATA: Data,
    Kind.PROGRESS: Progress,
    Kind.RESEND: Resend,
    Kind.HELLO_AGAIN: HelloAgain,
    Kind.REFUSED: Refused,
    Kind.PING: Ping,
    Kind.BYE: Bye,
    Kind.FLUSH: Flush,
    Kind.PREDICTIONS: Predictions,
}
