"""Who may feed which stream. A session is a random number that the daemon hands to one producer of one stream.

For one log (epoch) the newer session fences off the older: a producer that was restarted takes its stream back at once.
Another log has to wait until the holder has left or has been silent too long. A feed that is subscribed to says no
hello: it holds a stream by being heard.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from streamer.samples import Numbers
from streamer.transport.seam import Peer
from streamer.wire.messages import Hello

_FENCED = 64
"""Fenced sessions remembered, to tell their producers to stop and not to say hello again."""


@dataclass(slots=True)
class Session:
    """One producer's hold on one stream."""

    id: int
    peer: Peer
    stream: str
    epoch: str
    incarnation: int
    buffer: int
    heard_at: float
    told_at: float
    limit: int = 0
    """Numbers below this the producer has been allowed to send."""
    asked: int = -1
    """The number that was last asked for again."""
    asked_at: float = 0.0
    refused: int = 0
    """Frames refused since the last good one."""
    delivers: bool = False
    """Whether predictions are sent back."""
    delivered: int = 0
    """Predictions below this have been sent in this session."""
    confirmed: int = -1
    """What the last ping confirmed; if the next one confirms no more, something was lost."""
    ready: int = 0
    """The producer's log has events below this number, sent or not; 0 if it has not said."""
    inputs: int = 0
    """Numbers in a row of the producer's."""
    places: Numbers | None = None
    """For each of them its place in the learner's rows; None if it is the same."""
    rejected_before: int = 0
    """Samples that the stream had rejected when the session began."""


class Sessions:
    """All sessions, by id, stream and peer; at most one a stream."""

    def __init__(self, new_id: Callable[[], int], *, silence_seconds: float) -> None:
        self._new_id = new_id
        self.silence_seconds = silence_seconds
        self._by_id: dict[int, Session] = {}
        self._by_stream: dict[str, Session] = {}
        self._feeds: dict[str, tuple[str, float]] = {}
        self._fenced: deque[int] = deque(maxlen=_FENCED)

    def __iter__(self) -> Iterator[Session]:
        return iter(tuple(self._by_id.values()))

    def holder(self, stream: str) -> Session | None:
        """The session that may feed a stream now."""
        return self._by_stream.get(stream)

    def find(self, session_id: int) -> Session | None:
        """The session of an id, unless it has ended."""
        return self._by_id.get(session_id)

    def of_peer(self, peer: Peer) -> list[Session]:
        """The sessions that last used a connection."""
        return [session for session in self._by_id.values() if session.peer == peer]

    def was_fenced(self, session_id: int) -> bool:
        """Whether a newer session has taken this one's stream."""
        return session_id in self._fenced

    def feed(self, stream: str, now: float) -> str | None:
        """The address of the feed that holds a stream, if it was heard lately."""
        feed, heard_at = self._feeds.get(stream, (None, 0.0))
        return feed if now - heard_at <= self.silence_seconds else None

    def follow(self, stream: str, feed: str, now: float) -> bool:
        """A feed is heard; False if the stream is another feed's, or a producer's."""
        holder = self.holder(stream)
        if self.feed(stream, now) not in (feed, None) or (holder is not None and not self.expired(holder, now)):
            return False
        self._feeds[stream] = feed, now
        return True

    def blocks(self, hello: Hello, peer: Peer, now: float) -> bool:
        """Whether somebody keeps a hello from being accepted: a feed, or another log, alive, on another connection."""
        if self.feed(hello.stream, now) is not None:
            return True
        holder = self.holder(hello.stream)
        if holder is None or holder.peer == peer or self.expired(holder, now):
            return False
        return holder.epoch != hello.epoch and holder.incarnation != hello.incarnation

    def open(self, hello: Hello, peer: Peer, now: float) -> tuple[Session, Session | None]:
        """The session for a hello, and the one that it fences off, if any.

        A hello said twice by one producer (its welcome was late or lost, or its connection made anew) gets the same
        session twice.
        """
        fenced = self.holder(hello.stream)
        if fenced is not None and (fenced.incarnation, fenced.epoch) == (hello.incarnation, hello.epoch):
            fenced.peer, fenced.heard_at = peer, now
            return fenced, None
        if fenced is not None:
            self.end(fenced)
            self._fenced.append(fenced.id)
        session = Session(
            self._new_id(),
            peer,
            hello.stream,
            hello.epoch,
            hello.incarnation,
            hello.buffer,
            heard_at=now,
            told_at=now,
        )
        self._by_id[session.id] = session
        self._by_stream[session.stream] = session
        return session, fenced

    def end(self, session: Session) -> None:
        """The stream is free."""
        del self._by_id[session.id]
        del self._by_stream[session.stream]

    def expired(self, session: Session, now: float) -> bool:
        """Whether a producer has been silent too long."""
        return now - session.heard_at > self.silence_seconds
