"""Carries out commands between two blocks, and answers when two checkpoints hold what was done.

Two, for the reason for which a sample is acknowledged by two: a crash that takes the newest one must not undo it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from streamer.checkpoints.store import CheckpointStore
from streamer.errors import StartError, StreamerError, UnavailableError
from streamer.service.commands import Answer, Command, Facts, decode_command, encode
from streamer.service.loop import Loop
from streamer.service.observer import Observer
from streamer.service.stream import Stream
from streamer.transport.seam import Listener, Peer

LOOK_SECONDS = 0.1
"""Between one look for commands and the next."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A command that is carried out, or can be as soon as its stream is on disk."""

    peer: Peer
    command: Command
    stream: Stream
    facts: Facts


class Control:
    """Takes commands from a listener."""

    def __init__(self, loop: Loop, store: CheckpointStore, listener: Listener, observer: Observer) -> None:
        self._loop = loop
        self._store = store
        self._listener = listener
        self._observer = observer
        self._waiting: list[_Waiting] = []
        self._look_at = self._now = 0.0

    def turn(self, now: float) -> None:
        """Begin what has arrived; answer what is on disk."""
        self._now = now
        if now >= self._look_at:
            self._look_at = now + LOOK_SECONDS
            for peer, parts in self._listener.receive(0):
                self._answering(peer, lambda peer=peer, parts=parts: self._begin(peer, b"".join(parts)))  # type: ignore[misc]
        self.settle()

    def settle(self) -> None:
        """Answer those whose command is on disk, or cannot be; the others wait."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            self._answering(one.peer, lambda one=one: self._end(one))  # type: ignore[misc]

    def _answering(self, peer: Peer, act: Callable[[], Facts | None]) -> None:
        try:
            facts = act()
        except StreamerError as error:
            self._observer.warn("command failed", why=str(error))
            self._send(peer, Answer(error=str(error), mistake=isinstance(error, StartError)))
        else:
            if facts is not None:
                self._send(peer, Answer(facts))

    def _begin(self, peer: Peer, data: bytes) -> None:
        command = decode_command(data)
        stream = self._loop.streams.find(command.stream)
        if stream is None:
            known = ", ".join(sorted(each.name for each in self._loop.streams)) or "none"
            raise UnavailableError("there is no such stream", got=command.stream, expected=f"one of: {known}")
        facts = {"stream": stream.name, "command": command.verb} | self._apply(command, stream)
        facts["next_sequence"] = stream.cursor(stream.epoch or "")
        self._observer.note(f"stream {command.verb}", **facts)
        self._waiting.append(_Waiting(peer, command, stream, facts))

    def _apply(self, command: Command, stream: Stream) -> Facts:
        match command.verb:
            case "freeze" | "thaw":
                stream.freeze(command.verb == "freeze")
            case "reset":
                self._loop.streams.reset(stream)
            case "rollback":
                older = self._store.older(stream.name, command.to)
                self._loop.streams.roll_back(stream, older)
                return {"to": older.serial}
            case "retire":
                self._refuse_if_held(stream)
                if not stream.durable.settled:
                    stream.durable.owe()
        return {}

    def _end(self, one: _Waiting) -> Facts | None:
        """What was done, if it is on disk; StreamerError if that fails."""
        durable, verb = one.stream.durable, one.command.verb
        if durable.failing:
            state = "it is not done" if verb == "retire" else "it is in force, but a crash would undo it"
            raise StreamerError(
                f"checkpoints of stream {one.stream.name!r} cannot be written",
                got=f"{verb}: {state}",
                remedy="mend the disk; the daemon tries again by itself",
            )
        if durable.owed or (verb == "retire" and durable.saving):
            self._waiting.append(one)
            return None
        retired = {"moved_to": self._retire(one.stream)} if verb == "retire" else {}
        return {**one.facts, **retired, "serial": durable.serial, "frozen": one.stream.frozen}

    def _retire(self, stream: Stream) -> str:
        self._refuse_if_held(stream)
        place = self._store.retire(stream.name)
        self._loop.retire(stream)
        return place

    def _refuse_if_held(self, stream: Stream) -> None:
        if self._loop.sessions.holder(stream.name) is not None:
            raise StreamerError(
                "a producer feeds this stream, and would only begin it anew",
                got=stream.name,
                remedy="stop the producer first",
            )
        if (feed := self._loop.sessions.feed(stream.name, self._now)) is not None:
            raise StreamerError(
                "a feed that is heard feeds this stream, and would only begin it anew",
                got=f"{stream.name} from {feed}",
                remedy="stop its publisher, and wait until it has been silent for transport.session_seconds",
            )

    def _send(self, peer: Peer, answer: Answer) -> None:
        self._listener.send(peer, [encode(answer)])
