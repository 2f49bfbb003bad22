"""Strangers at the door of a real daemon: nobody is heard, each is counted, a friend is served among them.

python -m tests.faults.hostile --connections 1000 --among 400
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamer import Producer
from streamer.app.keymaking import make_keys
from tests.end_to_end.processes import Daemon, ended, wait_for
from tests.faults.strangers import THAT_STAY, strangers


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of `connections` strangers, and of a friend who came while `among` others held their connections."""

    connections: int
    counted: dict[str, int]
    """Refused handshakes by reason."""
    heard: int
    """Frames and sessions that the daemon saw of them, streams that it made for them."""
    among: int
    served_seconds: float
    """From the friend's first step to the prediction in his hand."""
    memory_kilobytes: int
    """How much the daemon had grown when the strangers had gone."""

    @property
    def ok(self) -> bool:
        """Whether nobody was heard and everyone counted once."""
        return self.heard == 0 and sum(self.counted.values()) == self.connections

    def __str__(self) -> str:
        return (
            f"{self.connections} hostile connections: {self.heard} heard, {sum(self.counted.values())} counted "
            f"({', '.join(f'{reason} {count}' for reason, count in sorted(self.counted.items()))}), "
            f"{self.memory_kilobytes / 1024:.1f} MB grown; "
            f"a friend among {self.among} served in {self.served_seconds:.3f} s"
        )


def measure(connections: int, among: int, directory: Path) -> Figures:
    """Let strangers come to a daemon, then others and a friend."""
    daemon_keys, friend = (make_keys(str(directory / name)) for name in ("daemon.key", "friend.key"))
    allow = directory / "allowed.keys"
    allow.write_text(f"{friend.public_key} friend\n")
    daemon = Daemon(
        directory / "checkpoints",
        "learner.hidden=4",
        "learner.truncation=2",
        f"transport.key={daemon_keys.secret_file}",
        f"transport.allow={allow}",
    )
    with ended(daemon):
        grown = _resident_kilobytes(daemon)
        with strangers(daemon.endpoint, daemon_keys.public_key, connections):
            seen = wait_for(lambda: _status(daemon), lambda seen: _total(seen["refused_handshakes"]) >= connections)
        grown = _resident_kilobytes(daemon) - grown
        heard = _total(seen["refused_frames"]) + _total(seen["refused_sessions"]) + len(seen["streams"])
        with strangers(daemon.endpoint, daemon_keys.public_key, among, THAT_STAY):
            started = time.perf_counter()
            with Producer(
                daemon.endpoint,
                stream="friend",
                timeout_seconds=60,
                key=friend.secret_file,
                daemon_key=daemon_keys.public_key,
            ) as producer:
                producer.send(0.3, 1)
                served = time.perf_counter() - started
    return Figures(connections, seen["refused_handshakes"], heard, among, served, grown)


def _status(daemon: Daemon) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(daemon.get("/api/v1/status"))
    return found


def _total(counts: dict[str, int]) -> int:
    return sum(counts.values())


def _resident_kilobytes(daemon: Daemon) -> int:
    status = Path(f"/proc/{daemon.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def main() -> None:
    """Print a line with the figures; exit 1 if anyone was heard or not counted, or the friend waited over a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--among", type=int, default=400)
    arguments = parser.parse_args()
    wanted = 4 * (arguments.connections + arguments.among) + 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, wanted), hard), hard))
    with tempfile.TemporaryDirectory() as directory:
        figures = measure(arguments.connections, arguments.among, Path(directory))
    print(figures)
    sys.exit(0 if figures.ok and figures.served_seconds <= 1.0 else 1)


if __name__ == "__main__":
    main()
