"""`kill -9` of a spool at random moments: nothing that it has told to be safe is lost, and nothing comes twice.

    python -m tests.faults.spool_kills --kills 200

A program that can count hands in the line of each number, going on where the spool says that it is. So what the daemon
has learned in the end must be, bit for bit, what it learns of the same lines from a spool that nobody kills.
"""

import argparse
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from streamer.checkpoints.store import CheckpointStore
from streamer.filesystem.local import LocalFileSystem
from tests.end_to_end.processes import Daemon, ended
from tests.spool.world import line_of

SMALL = ("learner.hidden=4", "learner.truncation=2", "checkpoints.interval_seconds=0.3")
BEFORE_READY = 0.2
"""Share of the kills that come while the spool starts."""
START_SECONDS, LIFE_SECONDS = 0.5, 0.1
LINES_AT_ONCE, LINES_A_LIFE = 50, 20_000
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Kills:
    """What became of the lines."""

    kills: int
    busy: int
    """Kills at which lines were under way to the disk."""
    safe: int
    """Lines that were told to be safe."""
    lost: int
    same: bool
    """Whether the daemon is where an undisturbed one is."""

    def __str__(self) -> str:
        state = "same" if self.same else "ANOTHER"
        lost = f"{self.lost} of {self.safe:,} acknowledged samples lost, {state} final state"
        return f"{self.kills} kills ({self.busy} of them while lines were under way): {lost}"


class Program:
    """A spool process, fed line by line; `ready` and `safe` are what it has said last."""

    def __init__(self, directory: Path, endpoint: str, stream: str) -> None:
        options = ("--stream", stream, "--to", endpoint, "--limit-megabytes", "1", "--sync-milliseconds", "3", "--json")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamer", "spool", str(directory), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._given, self._said = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self._given, False)
        os.set_blocking(self._said, False)
        self._half = b""
        self._unwritten = b""
        self.ready: int | None = None
        self.safe = 0
        self.handed = 0

    def live(self, seconds: float, until: int, *, only_until_ready: bool = False) -> None:
        """Hand in lines up to a number, and hear what is said, until that is safe or the time is over."""
        deadline = time.monotonic() + seconds
        while self.safe < until and (left := deadline - time.monotonic()) > 0:
            if only_until_ready and self.ready is not None:
                return
            writes = [self._given] if self._more(until) else []
            readable, writable, _ = select.select([self._said], writes, [], left)
            if readable and not self._hear():
                return
            if writable:
                self._unwritten = self._unwritten[os.write(self._given, self._unwritten) :]

    def kill(self) -> None:
        """By SIGKILL; what it said before is still heard."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._hear()
        self.close()

    def finish(self) -> int:
        """No more lines; wait until the daemon has acknowledged all, and the spool ends."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        os.set_blocking(self._said, True)
        code = self.process.wait(PATIENCE_SECONDS)
        self.close()
        return code

    def close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()

    def _more(self, until: int) -> bytes:
        """What is to be written next."""
        if not self._unwritten and self.ready is not None and self.handed < until:
            end = min(self.handed + LINES_AT_ONCE, until)
            self._unwritten = "".join(f"{line_of(number)}\n" for number in range(self.handed, end)).encode()
            self.handed = end
        return self._unwritten

    def _hear(self) -> bool:
        """Take in what was said; False if it will say no more."""
        try:
            said = os.read(self._said, 1 << 20)
        except BlockingIOError:
            return True
        *lines, self._half = (self._half + said).split(b"\n")
        for facts in map(json.loads, lines):
            assert facts["event"] in ("ready", "safe", "stopped"), facts
            self.safe = max(self.safe, facts["next"])
            if facts["event"] == "ready":
                self.ready = self.handed = facts["next"]
        return bool(said)


def run(kills: int, directory: Path, seed: int = 0) -> Kills:
    """Kill a spool so many times while it is fed and read, then let it end, and compare."""
    rng = random.Random(seed)
    daemon = Daemon(directory / "checkpoints", *SMALL)
    safe, lost, busy = 0, 0, 0
    with ended(daemon):
        for _ in range(kills):
            program = Program(directory / "killed", daemon.endpoint, "killed")
            _live(program, rng, safe + LINES_A_LIFE)
            program.kill()
            if program.ready is not None:
                lost += max(0, safe - program.ready)
                busy += program.handed > program.safe
            safe = max(safe, program.safe)
        lines = safe + LINES_A_LIFE
        for name in ("killed", "undisturbed"):
            program = Program(directory / name, daemon.endpoint, name)
            program.live(PATIENCE_SECONDS, lines)
            assert program.finish() == 0
        daemon.end()
    return Kills(kills, busy, safe, lost, _arrays(directory, "killed") == _arrays(directory, "undisturbed"))


def _live(program: Program, rng: random.Random, until: int) -> None:
    if rng.random() < BEFORE_READY:
        program.live(rng.uniform(0, START_SECONDS), until)
        return
    program.live(PATIENCE_SECONDS, until, only_until_ready=True)
    program.live(rng.uniform(0, LIFE_SECONDS), until)


def _arrays(directory: Path, stream: str) -> dict[str, bytes]:
    """The newest checkpoint of a stream: learner, scores, and labels that are waited for."""
    newest = CheckpointStore(LocalFileSystem(), f"{directory}/checkpoints", keep=3).find(stream).valid[0]
    [(epoch, cursor)] = newest.positions.items()
    arrays = {name.replace(epoch, ""): array.tobytes() for name, array in newest.arrays.items()}
    return arrays | {"cursor": cursor.to_bytes(8)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill a spool again and again.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        result = run(arguments.kills, Path(directory), arguments.seed)
    sys.stdout.write(f"{result}\n")
    sys.exit(bool(result.lost or not result.same))


if __name__ == "__main__":
    main()
