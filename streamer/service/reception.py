"""What the daemon answers to each message: the protocol's daemon side, without I/O.

Every fault has one outcome and one counter, and none of them stops the daemon.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from streamer.errors import FrameError
from streamer.samples import Block
from streamer.service.access import Access
from streamer.service.actions import Send
from streamer.service.observer import Observer
from streamer.service.sessions import Session, Sessions
from streamer.service.stream import Stream
from streamer.service.streams import Streams
from streamer.transport.seam import Peer
from streamer.wire.blocks import block_of
from streamer.wire.frames import decode
from streamer.wire.messages import (
    ENDLESS,
    NO_SESSION,
    Bye,
    Data,
    Flush,
    Hello,
    HelloAgain,
    Message,
    Ping,
    Predictions,
    Progress,
    Refused,
    Resend,
    Welcome,
)

REFUSED_IN_A_ROW = 8
"""Refused frames after which a session ends: the producer, or the way to it, cannot be trusted."""
ASK_AGAIN_SECONDS = 1.0


class Reception:
    """Takes frames; gives messages to send, in `outbox`."""

    def __init__(
        self,
        streams: Streams,
        sessions: Sessions,
        observer: Observer,
        access: Access,
        *,
        inputs: int,
        window: int,
        accept_gap: bool = False,
    ) -> None:
        self._streams = streams
        self._sessions = sessions
        self._observer = observer
        self._access = access
        self.inputs = inputs
        self.window = window
        self._accept_gap = accept_gap
        self.outbox: list[Send] = []
        self.refused_frames: Counter[str] = Counter()
        self.refused_sessions: Counter[str] = Counter()

    def receive(self, peer: Peer, parts: Sequence[bytes], now: float) -> None:
        """Take one frame from the network."""
        try:
            message, payload = decode(parts)
        except FrameError as error:
            self._undecodable(peer, error, now)
            return
        if isinstance(message, Hello):
            self._hello(peer, message, now)
        elif (session := self._sessions.find(message.session)) is None:
            self._unknown_session(peer, message.session)
        elif peer != session.peer and not self._access.same_owner(peer, session.peer):
            self._count_frame(FrameError("a frame of a session that is another key's", reason="key"))
        else:
            session.peer, session.heard_at = peer, now
            self._take(session, message, payload, now)

    def may_go_on(self, session: Session) -> bool:
        """Whether a session's producer may still feed its stream; if not, it is told so."""
        if self._access.may_feed(session.peer, session.stream):
            return True
        self._say_refused(session.peer, session.stream, _not_allowed(session.id))
        return False

    def end(self, session: Session) -> None:
        """A session is over; a name that was only said is forgotten with it."""
        self._sessions.end(session)
        self._streams.drop_unused(session.stream)

    def tell(self, session: Session, now: float) -> None:
        """Tell a producer how far its stream has come, and let it send on."""
        stream = self._streams.existing(session.stream)
        session.limit = self._limit(session, stream)
        session.told_at = now
        cursor, acknowledged = stream.cursor(session.epoch), stream.acknowledged(session.epoch)
        rejected = stream.accounts.rejected.total() - session.rejected_before
        self._answer(session.peer, Progress(session.id, cursor, acknowledged, session.limit, rejected))

    def _take(self, session: Session, message: Message, payload: bytes, now: float) -> None:
        stream = self._streams.existing(session.stream)
        match message:
            case Data():
                self._data(session, stream, block_of(message, payload), now)
            case Ping() | Flush():
                stream.flush |= isinstance(message, Flush)
                self._confirmed(session, stream, message.confirmed)
                session.ready = max(session.ready, message.ready)
                if stream.received(session.epoch) < message.next:
                    self._ask_again(session, stream, now)
                self.tell(session, now)
            case Bye():
                self.end(session)
                self._observer.note("producer left", stream=session.stream)
            case _:
                error = FrameError("only a daemon sends this", reason="direction", got=type(message).__name__)
                self._refuse(session, error, now)

    def _hello(self, peer: Peer, hello: Hello, now: float) -> None:
        refusal = self._objection(hello, peer, now)
        if refusal is not None:
            self._say_refused(peer, hello.stream, refusal)
            return
        stream = self._streams.open(hello.stream, hello.schema)
        stream.held = hello.epoch
        if (position := stream.received(hello.epoch)) < hello.first:
            stream.skip_to(hello.epoch, hello.first)
            lost = hello.first - position
            self._observer.warn("samples are gone for good, going on without them", stream=stream.name, samples=lost)
        session, fenced = self._sessions.open(hello, peer, now)
        if fenced is not None and fenced.peer != peer:
            self._answer(fenced.peer, _fenced(fenced.id))
        start = stream.received(hello.epoch)
        if not session.limit:
            session.rejected_before = stream.accounts.rejected.total()
            self._observer.note("producer joined", stream=hello.stream, start=start)
        session.inputs = hello.inputs
        session.places = stream.predictor.arrange(hello.schema) if hello.schema.columns else None
        session.ready = hello.next if hello.next < ENDLESS else 0
        session.delivers, session.delivered = hello.predictions, hello.confirmed
        first = (
            stream.deliver(hello.epoch, hello.confirmed) if hello.predictions else stream.deliver_no_more(hello.epoch)
        )
        session.limit = self._limit(session, stream)
        self._answer(peer, Welcome(session.id, start, session.limit, first))
        self.deliver(session)

    def deliver(self, session: Session) -> None:
        """Send the predictions that have not been sent in this session."""
        if not session.delivers:
            return
        stream = self._streams.existing(session.stream)
        for first, predictions in stream.deliveries[session.epoch].since(session.delivered):
            width = 1 if predictions.ndim == 1 else predictions.shape[1]
            message = Predictions(session.id, first, len(predictions), width, stream.predictor.classes)
            self._answer(session.peer, message, predictions.astype("<f4").tobytes())
            session.delivered = first + len(predictions)

    def _confirmed(self, session: Session, stream: Stream, number: int) -> None:
        """Predictions below a number have arrived; send the others again if nothing came of the last sending."""
        if not session.delivers:
            return
        stream.deliveries[session.epoch].confirm(number)
        if number == session.confirmed:
            session.delivered = min(session.delivered, number)
        session.confirmed = number
        self.deliver(session)

    def _limit(self, session: Session, stream: Stream) -> int:
        """Credit: what is queued here, and what is kept until it is confirmed, fits the window."""
        kept = stream.queued + stream.undelivered(session.epoch)
        return stream.received(session.epoch) + max(self.window - kept, 0)

    def _say_refused(self, peer: Peer, stream: str, refusal: Refused) -> None:
        self.refused_sessions[refusal.reason] += 1
        self._observer.warn("producer refused", stream=stream, reason=refusal.reason, why=refusal.explanation)
        self._answer(peer, refusal)

    def _objection(self, hello: Hello, peer: Peer, now: float) -> Refused | None:
        if not self._access.may_feed(peer, hello.stream):
            return _not_allowed(NO_SESSION)
        if objection := self._streams.objection(hello.stream, hello.inputs, hello.schema):
            return _refusal(objection.reason, objection.words)
        if hello.buffer == 1:
            return _refusal(
                "buffer", "a buffer of 1 event can never be acknowledged; hold at least 2, or 0 for a log that lasts"
            )
        if self._sessions.blocks(hello, peer, now):
            return _refusal("held", "another producer or a feed is feeding this stream", retry=True)
        if not self._streams.has_room_for(hello.stream):
            return _refusal("streams", f"this daemon serves at most {self._streams.limit} streams; raise streams.limit")
        position = self._streams.received(hello.stream, hello.epoch)
        if position < hello.first and not (self._accept_gap and self._streams.idle(hello.stream)):
            return _refusal(
                "trimmed",
                f"the daemon needs number {position}, the log begins at {hello.first}: samples would be lost; "
                "to go on without them, start the daemon with --accept-gap",
                retry=self._accept_gap,
            )
        if position > hello.next:
            return _refusal(
                "beyond",
                f"the daemon is at number {position}, the log ends before {hello.next}: it is not the same log",
            )
        return None

    def _data(self, session: Session, stream: Stream, block: Block, now: float) -> None:
        error = self._fault(session, block)
        if error is not None:
            self._refuse(session, error, now)
            return
        session.refused = 0
        if stream.accept(session.epoch, _arranged(block, session, stream), now):
            self._ask_again(session, stream, now)

    def _fault(self, session: Session, block: Block) -> FrameError | None:
        if block.inputs.shape[1] != session.inputs:
            got = block.inputs.shape[1]
            return FrameError("samples of another width", reason="inputs", got=got, expected=str(session.inputs))
        if block.end > session.limit:
            expected = f"at most {session.limit}"
            return FrameError("samples beyond the credit", reason="credit", got=block.end, expected=expected)
        return None

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

    def _undecodable(self, peer: Peer, error: FrameError, now: float) -> None:
        """A frame that says nothing, not even of which session it is: any session of that connection."""
        sessions = self._sessions.of_peer(peer)
        for session in sessions[:1]:
            self._refuse(session, error, now)
        if not sessions:
            self._count_frame(error)
            if error.reason in ("version", "fields"):
                self._answer(peer, _refusal(error.reason, str(error)))

    def _refuse(self, session: Session, error: FrameError, now: float) -> None:
        self._count_frame(error)
        session.refused += 1
        if session.refused < REFUSED_IN_A_ROW:
            self._ask_again(session, self._streams.existing(session.stream), now)
            return
        self.end(session)
        self.refused_sessions["damaged"] += 1
        explanation = f"{session.refused} frames in a row were refused; the last: {error}"
        self._answer(session.peer, Refused(session.id, "damaged", explanation, retry=False))

    def _count_frame(self, error: FrameError) -> None:
        self.refused_frames[error.reason] += 1
        self._observer.warn("frame refused", reason=error.reason, why=str(error))

    def _answer(self, peer: Peer, message: Message, payload: bytes = b"") -> None:
        self.outbox.append(Send(peer, message, payload))


def _arranged(block: Block, session: Session, stream: Stream) -> Block:
    """A block with its columns where the learner has them; those that this producer does not have are missing."""
    if session.places is None:
        return block
    inputs = np.full((len(block), stream.predictor.columns), np.nan, np.float32)
    inputs[:, session.places] = block.inputs
    return Block(block.first, inputs, block.targets, block.of)


def _refusal(reason: str, explanation: str, *, retry: bool = False) -> Refused:
    return Refused(NO_SESSION, reason, explanation, retry)


def _not_allowed(session_id: int) -> Refused:
    return Refused(session_id, "key", "the producer's key is not listed for this stream in transport.allow", retry=True)


def _fenced(session_id: int) -> Refused:
    return Refused(session_id, "fenced", "a newer producer has taken over this stream", retry=False)
