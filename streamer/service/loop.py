"""The daemon without its I/O: frames and the time go in, actions come out.

It owns no socket, thread, clock or file, so that a whole daemon, its crashes included, runs in a test. Whoever drives
it calls `receive`, `follow`, `work` and `tick`, and does what `take` returns, in that order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.service.actions import Action, Save
from streamer.service.observer import Observer
from streamer.service.reception import Reception
from streamer.service.schedule import Schedule
from streamer.service.sessions import Session, Sessions
from streamer.service.stream import Stream
from streamer.service.streams import Streams
from streamer.service.subscriber import Subscriber
from streamer.transport.seam import Peer

HEARTBEAT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Worked:
    """A block that was learned."""

    stream: Stream
    count: int


class Loop:
    """Holds sessions and streams together and decides when a checkpoint is due."""

    def __init__(
        self, streams: Streams, sessions: Sessions, reception: Reception, observer: Observer, *, interval_seconds: float
    ) -> None:
        self.streams = streams
        self.sessions = sessions
        self.reception = reception
        self.subscriber = Subscriber(streams, sessions, observer, inputs=reception.inputs, window=reception.window)
        self._observer = observer
        self.schedule = Schedule(interval_seconds)
        self._saves: list[Action] = []

    @property
    def busy(self) -> bool:
        """Whether samples are queued."""
        return any(stream.queued for stream in self.streams)

    def receive(self, peer: Peer, parts: Sequence[bytes], now: float) -> None:
        """A frame has arrived."""
        self.reception.receive(peer, parts, now)

    def follow(self, feed: str, parts: Sequence[bytes], now: float) -> None:
        """A message of a feed has arrived."""
        self.subscriber.receive(feed, parts, now)

    def work(self, most: int, now: float) -> Worked | None:
        """Learn one block of at most `most` samples of the stream whose turn it is."""
        stream = self.streams.next_in_turn()
        if stream is None:
            return None
        every = self._checkpoint_every(stream)
        skipped = stream.predictor.counters()["skipped_updates"]
        # While one checkpoint is being written, the next one will be of wherever the stream is by then.
        holds_back = every and not stream.durable.saving
        count = stream.learn(min(most, max(every - stream.durable.changes, 1)) if holds_back else most)
        self.schedule.learned(stream, now)
        if newly := stream.predictor.counters()["skipped_updates"] - skipped:
            stream.accounts.skipped += newly
            self._observer.warn("update not finite, not applied", stream=stream.name)
        session = self.sessions.holder(stream.name)
        if session is not None:
            self.reception.deliver(session)
            if self._worth_telling(session, stream):
                self.reception.tell(session, now)
        return Worked(stream, count)

    def tick(self, now: float, wall: float) -> None:
        """Time has passed: heartbeats, silent producers, checkpoints by the clock."""
        for session in self.sessions:
            if self.sessions.expired(session, now):
                self.reception.end(session)
                self._observer.warn("producer silent, its stream is free", stream=session.stream)
            elif now - session.told_at >= HEARTBEAT_SECONDS:
                self.reception.tell(session, now)
        for stream in self.streams:
            if self.schedule.due(stream, self._checkpoint_every(stream), now):
                self._save(stream, now, wall)
            stream.flush = stream.flush and not stream.durable.settled

    def check_access(self) -> None:
        """Who may feed what has changed: a producer that may not go on loses its session."""
        for session in self.sessions:
            if not self.reception.may_go_on(session):
                self.reception.end(session)

    def finish(self, now: float, wall: float) -> None:
        """The daemon stops: what is queued will be sent again, what is learned is saved. No checkpoint is under way."""
        for stream in self.streams:
            if stream.durable.changed:
                self._save(stream, now, wall)

    def saved(self, checkpoint: Checkpoint, now: float) -> None:
        """A checkpoint survives a loss of power: more may be acknowledged."""
        stream = self.streams.existing(checkpoint.stream)
        stream.saved(checkpoint)
        stream.accounts.checkpoint_seconds = self.schedule.saved(stream, now)
        session = self.sessions.holder(stream.name)
        if session is not None:
            self.reception.tell(session, now)

    def not_saved(self, checkpoint: Checkpoint, error: BaseException) -> None:
        """A checkpoint could not be written. Learning goes on; nothing more is acknowledged."""
        self.streams.existing(checkpoint.stream).not_saved()
        self._observer.warn("checkpoint not written", stream=checkpoint.stream, why=str(error))

    def unreachable(self, peer: Peer) -> None:
        """A peer is gone or does not read: it loses its session, so that it cannot cost memory."""
        for session in self.sessions.of_peer(peer):
            self.reception.end(session)
            self._observer.note("producer gone", stream=session.stream)

    def take(self) -> list[Action]:
        """What is to be done now, in order."""
        sends, self.reception.outbox = self.reception.outbox, []
        actions, self._saves = [*sends, *self._saves], []
        return actions

    def retire(self, stream: Stream) -> None:
        """Forget a stream that nobody holds and of which no checkpoint is under way."""
        self.streams.remove(stream)
        self.schedule.forget(stream.name)

    def _checkpoint_every(self, stream: Stream) -> int:
        """Half of what the producer can hold; 0 if it can hold everything."""
        session = self.sessions.holder(stream.name)
        return session.buffer // 2 if session is not None else 0

    def _worth_telling(self, session: Session, stream: Stream) -> bool:
        room = session.limit - stream.received(session.epoch)
        return not stream.queued or room < self.reception.window // 2

    def _save(self, stream: Stream, now: float, wall: float) -> None:
        self.schedule.begun(stream, now)
        self._saves.append(Save(stream.checkpoint(self.streams.structure, self.streams.build, wall)))
