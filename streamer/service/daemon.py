"""The daemon's loop: receive, learn, do what is due, publish. With what it is handed, the service's only I/O."""

from collections.abc import Mapping

from streamer.checkpoints.store import NEEDED, CheckpointStore, Found
from streamer.clock import Clock
from streamer.errors import CorruptError, StreamerError
from streamer.service.actions import Action, Save, Send
from streamer.service.control import Control
from streamer.service.loop import Loop
from streamer.service.observer import Observer
from streamer.service.pace import Pace
from streamer.service.reloading import Reloaded, Reloading
from streamer.service.report import Reporter
from streamer.service.signals import Stop
from streamer.service.supervision import Supervision
from streamer.service.writer import Writer, Written
from streamer.telemetry.record import Board
from streamer.transport.seam import Listener, Subscription
from streamer.wire.frames import encode

IDLE_SECONDS = 0.1
"""How long to wait for a frame when nothing is queued; also how soon a signal or a timer is noticed."""
WRITING_SECONDS = 0.002
"""The same while a checkpoint is being written: producers may wait for it."""
PUBLISH_SECONDS = 0.1
PUBLISH_SHARE = 0.1
"""The most of the daemon's time that publishing may take: with many large streams it is done less often."""


class Daemon:
    """Drives a `Loop` with a real listener, store and clock."""

    def __init__(
        self,
        loop: Loop,
        listener: Listener,
        store: CheckpointStore,
        clock: Clock,
        board: Board,
        observer: Observer,
        *,
        writer: Writer,
        control: Control | None = None,
        reloading: Reloading | None = None,
        subscription: Subscription | None = None,
        supervision: Supervision | None = None,
        warnings: Mapping[str, int] | None = None,
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._subscription = subscription
        self._store = store
        self._writer = writer
        self._control = control
        self._clock = clock
        self._board = board
        self._observer = observer
        self._pace = Pace()
        self._reloading = reloading or Reloading(Reloaded, observer)
        self._supervision = supervision or Supervision()
        self._reporter = Reporter(
            loop, listener, self._reloading, {} if warnings is None else warnings, started_at=clock.wall()
        )
        self._publish_at = clock.monotonic()

    def restore(self) -> None:
        """Take up every stream that has a checkpoint; StartError or CorruptError if one cannot be."""
        for found in self._store.find_all():
            for path, error in found.damaged.items():
                self._reporter.damaged_checkpoints += 1
                self._observer.warn("checkpoint damaged, the one before it is used", path=path, why=str(error))
            if found.valid:
                self._restore(found)
            elif found.damaged:
                raise CorruptError(
                    f"no checkpoint of stream {found.stream!r} is whole",
                    got=f"{len(found.damaged)} damaged",
                    remedy="put back a copy of one, or start it over: streamer stream retire "
                    f"{found.stream} --directory DIR moves its folder aside",
                )

    def announce(self) -> None:
        """Publish what is restored: who is told that the daemon is ready may look at once."""
        self._publish("ready")

    def run(self, stop: Stop) -> None:
        """Until asked to stop; then save everything that is learned."""
        self._publish("ready")
        self._supervision.ready()
        while not stop.requested:
            self.turn()
        self.finish()

    def turn(self) -> None:
        """Take what has arrived, learn a block, do what is due."""
        self._supervision.turned(self._clock.monotonic())
        if self._reloading.requested:
            self._reload()
        idle = WRITING_SECONDS if self._writer.busy else IDLE_SECONDS
        for peer, parts in self._listener.receive(0 if self._loop.busy else idle):
            self._loop.receive(peer, parts, self._clock.monotonic())
        if self._subscription is not None:
            for feed, parts in self._subscription.receive():
                self._loop.follow(feed, parts, self._clock.monotonic())
        self._learn()
        self._hear(self._writer.take())
        if self._control is not None:
            self._control.turn(self._clock.monotonic())
        self._loop.tick(self._clock.monotonic(), self._clock.wall())
        self._do_what_is_due()
        if self._clock.monotonic() >= self._publish_at:
            self._publish("ready")

    def finish(self) -> None:
        """Learn no more; save everything that is learned. StreamerError names the streams that could not be."""
        self._publish("stopping")
        self._supervision.stopping()
        self._hear(self._writer.finish())
        for _ in range(NEEDED):
            self._loop.finish(self._clock.monotonic(), self._clock.wall())
            self._do_what_is_due()
            self._hear(self._writer.finish())
        self._do_what_is_due()
        if self._control is not None:
            self._control.settle()
        self._publish("stopping")
        unsaved = [stream.name for stream in self._loop.streams if stream.durable.changed]
        if unsaved:
            raise StreamerError(
                "the daemon stopped without its last checkpoint",
                got=f"streams {', '.join(unsaved)}",
                remedy="mend the disk; producers will send again what is missing",
            )

    def _reload(self) -> None:
        self._supervision.reloading(self._clock.monotonic())
        if self._reloading.happens():
            self._loop.check_access()
        self._supervision.ready()

    def _restore(self, found: Found) -> None:
        stream = self._loop.streams.restore(found.valid)
        self._observer.note("stream restored", stream=found.stream, serial=found.valid[0].serial)
        if stream.differences:
            self._observer.warn(
                "made with another build: from here on the last bits may differ",
                stream=found.stream,
                differences="; ".join(stream.differences),
            )

    def _learn(self) -> None:
        started = self._clock.monotonic()
        worked = self._loop.work(self._pace.samples, started)
        if worked is not None:
            seconds = self._clock.monotonic() - started
            self._pace.took(worked.count, seconds)
            worked.stream.stepped(worked.count, seconds, started + seconds, self._clock.wall())

    def _do_what_is_due(self) -> None:
        # Doing one thing can make another due: a checkpoint that is saved is acknowledged at once.
        while actions := self._loop.take():
            for action in actions:
                self._do(action)
            self._hear(self._writer.take())

    def _do(self, action: Action) -> None:
        match action:
            case Send(peer, message, payload):
                if not self._listener.send(peer, encode(message, payload)):
                    self._loop.unreachable(peer)
            case Save(checkpoint):
                self._writer.put(checkpoint)

    def _hear(self, written: list[Written]) -> None:
        """Tell the loop what became of its checkpoints."""
        for one in written:
            if one.error is None:
                self._loop.saved(one.checkpoint, self._clock.monotonic())
            else:
                self._loop.not_saved(one.checkpoint, one.error)

    def _publish(self, state: str) -> None:
        started = self._clock.monotonic()
        self._board.publish(self._reporter.record(state, started))
        cost = self._clock.monotonic() - started
        self._publish_at = started + max(PUBLISH_SECONDS, cost / PUBLISH_SHARE)
