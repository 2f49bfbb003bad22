"""A spool without a socket, a disk or a clock of the machine's, and a program that hands lines to it."""

import json
from collections import Counter

from streamer.client.feed import Feed, Plan
from streamer.filesystem.memory import MemoryFileSystem
from streamer.filesystem.seam import FileSystem
from streamer.spool.acceptance import Acceptance, Counts
from streamer.spool.directory import Directory
from streamer.spool.log import open_log
from streamer.spool.spooler import Spooler
from streamer.transport.intake import Arrival, MemoryIntake
from tests.service.world import World

LIMIT = 20_000
SYNC_SECONDS = 0.04


class Noted:
    """Remembers what it was told of."""

    def __init__(self) -> None:
        self.notes: Counter[str] = Counter()
        self.facts: dict[str, dict[str, object]] = {}

    def note(self, event: str, **facts: object) -> None:
        self.notes[event] += 1
        self.facts[event] = facts

    warn = note


class Spool:
    """One spool process on the network of a world; constructing it anew on the same files is its restart."""

    def __init__(
        self,
        world: World,
        files: FileSystem | None = None,
        *,
        lossy: bool = False,
        limit: int = LIMIT,
        sync_seconds: float = SYNC_SECONDS,
        epoch: str = "ab" * 16,
    ) -> None:
        self.world = world
        self.files = files or MemoryFileSystem()
        self.log = open_log(
            Directory(self.files, "spool"), stream="s", inputs=1, new_epoch=lambda: epoch, limit_bytes=limit
        )
        self.intake = MemoryIntake(lossy=lossy)
        self.observer = Noted()
        self.safe = self.log.next
        self.counts = Counts()
        self.waits: list[tuple[bool, float]] = []
        self.acceptance = Acceptance(
            self.log, self.intake, world.clock, self.observer, sync_seconds=sync_seconds, told=self._told
        )
        self.connection = world.listener.connect()
        self.feed = Feed(self.log, Plan("s", batch=7), incarnation=next(world.incarnations))
        self.spooler = Spooler(
            self.log,
            self.acceptance,
            self.feed,
            self.connection,
            world.clock,
            self.observer,
            lambda for_lines, seconds: self.waits.append((for_lines, seconds)),
        )

    def hand_in(self, *lines: bytes | str | dict[str, object], sender: tuple[bytes, ...] = ()) -> None:
        """Lines of a program."""
        for line in lines:
            text = json.dumps(line) if isinstance(line, dict) else line
            self.intake.inbox.append(Arrival(text.encode() if isinstance(text, str) else text, sender))

    def turn(self, seconds: float = 0.05) -> None:
        """The spool does what is due, then the daemon, then time passes."""
        self.spooler.turn()
        self.world.daemon.turn()
        self.world.clock.advance(seconds)

    def _told(self, below: int, counts: Counts) -> None:
        self.safe, self.counts = below, counts


def line_of(number: int) -> str:
    """The line that a program which can count hands in as event `number`: every ninth is a label."""
    if number % 9 == 8:
        return json.dumps({"label": number - 5, "y": number % 2})
    return f"{number % 13} nan" if number % 9 == 3 else f"{number % 13} {number // 3 % 2}"
