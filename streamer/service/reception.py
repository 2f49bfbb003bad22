"""What the daemon answers to each message: the protocol's daemon side, without I/O.

Every fault has one outcome and one counter, and none of them stops the daemon.
"""

from collections import Counter
from collections.abc import Sequence

from streamer.errors import FrameError
from streamer.service.observer import Observer
from streamer.service.sessions import Session, Sessions
from streamer.service.stream import Stream
from streamer.service.streams import Streams
from streamer.transport.seam import Peer
from streamer.wire.frames import block_of, decode
from streamer.wire.messages import (
    NO_SESSION,
    Bye,
    Data,
    Flush,
    Hello,
    HelloAgain,
    Message,
    Ping,
    Progress,
    Refused,
    Resend,
    Welcome,
)

DAMAGED_IN_A_ROW = 8
"""Damaged frames after which a session is refused: the way to that producer cannot be trusted."""
ASK_AGAIN_SECONDS = 1.0


class Reception:
    """Takes frames; gives messages to send, in `outbox`."""

    def __init__(self, streams: Streams, sessions: Sessions, observer: Observer, *, inputs: int, window: int) -> None:
        self._streams = streams
        self._sessions = sessions
        self._observer = observer
        self._inputs = inputs
        self.window = window
        self.outbox: list[tuple[Peer, Message]] = []
        self.refused_frames: Counter[str] = Counter()
        self.refused_sessions: Counter[str] = Counter()

    def receive(self, peer: Peer, parts: Sequence[bytes], now: float) -> None:
        """Take one frame from the network."""
        try:
            message, payload = decode(parts)
            self._take(peer, message, payload, now)
        except FrameError as error:
            self._refuse_frame(peer, error, now)

    def tell(self, session: Session, now: float) -> None:
        """Tell a producer how far its stream has come, and let it send on."""
        stream = self._streams.existing(session.stream)
        session.limit = stream.received(session.epoch) + max(self.window - stream.queued, 0)
        session.told_at = now
        cursor, acknowledged = stream.cursor(session.epoch), stream.acknowledged(session.epoch)
        self._answer(session.peer, Progress(session.id, cursor, acknowledged, session.limit))

    def _take(self, peer: Peer, message: Message, payload: bytes, now: float) -> None:
        if isinstance(message, Hello):
            self._hello(peer, message, now)
            return
        session = self._sessions.find(message.session)
        if session is None:
            self._unknown_session(peer, message.session)
            return
        session.peer = peer
        session.heard_at = now
        match message:
            case Data():
                self._data(session, message, payload, now)
            case Ping():
                self.tell(session, now)
            case Flush():
                self._streams.existing(session.stream).flush = True
                self.tell(session, now)
            case Bye():
                self._sessions.end(session)
                self._observer.note("producer left", stream=session.stream)
            case _:
                raise FrameError("a message that only a daemon sends", reason="direction", got=type(message).__name__)

    def _hello(self, peer: Peer, hello: Hello, now: float) -> None:
        refusal = self._objection(hello, peer, now)
        if refusal is not None:
            self.refused_sessions[refusal.reason] += 1
            self._observer.warn("producer refused", stream=hello.stream, reason=refusal.reason, why=refusal.explanation)
            self._answer(peer, refusal)
            return
        stream = self._streams.open(hello.stream)
        session, fenced = self._sessions.open(hello, peer, now)
        if fenced is not None and fenced.peer != peer:
            self._answer(fenced.peer, _fenced(fenced.id))
        start = stream.received(hello.epoch)
        session.limit = start + max(self.window - stream.queued, 0)
        self._observer.note("producer joined", stream=hello.stream, start=start)
        self._answer(peer, Welcome(session.id, start, session.limit))

    def _objection(self, hello: Hello, peer: Peer, now: float) -> Refused | None:
        if hello.inputs != self._inputs:
            return _refusal(
                "inputs",
                f"the stream has {hello.inputs} inputs, this daemon's learners take {self._inputs}; "
                f"start the daemon with learner.inputs = {hello.inputs}",
            )
        if hello.buffer == 1:
            return _refusal(
                "buffer", "a buffer of 1 event can never be acknowledged; hold at least 2, or 0 for a log that lasts"
            )
        if self._sessions.blocks(hello, peer, now) is not None:
            return _refusal("held", "another producer is feeding this stream from another log", retry=True)
        if not self._streams.has_room_for(hello.stream):
            return _refusal("streams", f"this daemon serves at most {self._streams.limit} streams; raise streams.limit")
        position = self._streams.received(hello.stream, hello.epoch)
        if position < hello.first:
            return _refusal(
                "trimmed", f"the daemon needs number {position}, the log begins at {hello.first}: samples would be lost"
            )
        if position > hello.next:
            return _refusal(
                "beyond",
                f"the daemon is at number {position}, the log ends before {hello.next}: it is not the same log",
            )
        return None

    def _data(self, session: Session, message: Data, payload: bytes, now: float) -> None:
        if message.inputs != self._inputs:
            raise FrameError(
                "samples of another width", reason="inputs", got=message.inputs, expected=str(self._inputs)
            )
        if message.first + message.count > session.limit:
            raise FrameError(
                "samples beyond the credit",
                reason="credit",
                got=message.first + message.count,
                expected=f"at most {session.limit}",
            )
        session.damaged = 0
        stream = self._streams.existing(session.stream)
        if stream.accept(session.epoch, block_of(message, payload)):
            self._ask_again(session, stream, now)

    def _ask_again(self, session: Session, stream: Stream, now: float) -> None:
        # Frames behind a gap keep coming: ask once, and again only if nothing came of it.
        expected = stream.received(session.epoch)
        if session.asked != expected or now - session.asked_at >= ASK_AGAIN_SECONDS:
            session.asked, session.asked_at = expected, now
            self._answer(session.peer, Resend(session.id, expected))

    def _unknown_session(self, peer: Peer, session_id: int) -> None:
        fenced = self._sessions.was_fenced(session_id)
        self.refused_frames["fenced" if fenced else "session"] += 1
        self._answer(peer, _fenced(session_id) if fenced else HelloAgain(session_id))

    def _refuse_frame(self, peer: Peer, error: FrameError, now: float) -> None:
        self.refused_frames[error.reason] += 1
        self._observer.warn("frame refused", reason=error.reason, why=str(error))
        session = self._sessions.of_peer(peer)
        if session is None:
            if error.reason == "version":
                self._answer(peer, _refusal("version", str(error)))
            return
        session.damaged += 1
        if session.damaged < DAMAGED_IN_A_ROW:
            self._ask_again(session, self._streams.existing(session.stream), now)
        else:
            self._sessions.end(session)
            self.refused_sessions["damaged"] += 1
            self._answer(
                peer,
                Refused(
                    session.id,
                    "damaged",
                    f"{session.damaged} frames in a row were refused; the last: {error}",
                    retry=False,
                ),
            )

    def _answer(self, peer: Peer, message: Message) -> None:
        self.outbox.append((peer, message))


def _refusal(reason: str, explanation: str, *, retry: bool = False) -> Refused:
    return Refused(NO_SESSION, reason, explanation, retry)


def _fenced(session_id: int) -> Refused:
    return Refused(session_id, "fenced", "a newer producer has taken over this stream", retry=False)
