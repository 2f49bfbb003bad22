"""Producers that offer far more than a slow learner can take: nobody's memory grows, and nothing is lost.

    python -m tests.faults.overload ENDPOINT SECONDS      a program that pushes as fast as it may for so long

One program pushes samples that only it holds, the other publishes a source; the learner is the slow one, in torch.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from streamer.client.producer import Producer
from tests.end_to_end.processes import Daemon, Program, ended, produce
from tests.faults.line import ROOT, Figure
from tests.faults.lives import live

BUFFER = 1024
LOOK_SECONDS = 0.2
MOST_GROWTH_MEGABYTES = 16.0
LEAST_RATIO = 10


class Pushing(Program):
    """The program that pushes, in a process; its first line says how fast it can."""

    def __init__(self, endpoint: str, seconds: float) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.overload", endpoint, str(seconds)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )


class Overload:
    """What came of it."""

    def __init__(self, seconds: float) -> None:
        with tempfile.TemporaryDirectory(prefix="streamer-") as folder:
            daemon = Daemon(Path(folder) / "checkpoints", "learner.engine=reference", "checkpoints.interval_seconds=1")
            pushing = Pushing(daemon.endpoint, seconds)
            publishing = produce(daemon.endpoint, 10**9)
            with ended(daemon, pushing, publishing):
                self.growth = self._watch(daemon, pushing, publishing, seconds)
                self.pushed = int(json.loads(pushing.finish()[1])["pushed"])
                self.stream = daemon.until(lambda stream: stream["acknowledged"] >= self.pushed, "pushed")

    @property
    def lost(self) -> int:
        """Samples pushed and not learned."""
        return self.pushed - int(self.stream["outcomes"]["learned"])

    def _watch(self, daemon: Daemon, pushing: Pushing, publishing: Program, seconds: float) -> dict[str, float]:
        """Megabytes by which each has grown, at most, since samples were learned of both streams."""
        self.ratio = pushing.first_facts()["per_second"]
        programs = {"daemon": daemon, "program": pushing, "publisher": publishing}
        for name in ("pushed", "bits"):
            first = daemon.until(lambda stream: stream.get("samples", 0) > 0, name)
        began, samples = time.monotonic(), first["samples"]
        at_first = {name: megabytes(program) for name, program in programs.items()}
        most = dict(at_first)
        while pushing.process.poll() is None:
            live(daemon, LOOK_SECONDS)
            if time.monotonic() - began > seconds:
                publishing.process.terminate()  # what the other has pushed is to be learned, then it is over
            for name, program in programs.items():
                if program.process.poll() is None:
                    most[name] = max(most[name], megabytes(program))
        learned = daemon.stream("bits")["samples"] - samples
        self.ratio *= (time.monotonic() - began) / max(learned, 1)
        return {name: most[name] - at_first[name] for name in programs}


def megabytes(program: Program) -> float:
    """Resident memory of a process that lives."""
    pages = Path(f"/proc/{program.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure(seconds: float) -> Figure:
    """The figure of so long an overload."""
    overload = Overload(seconds)
    growth = ", ".join(f"{name} {megabytes:+.1f}" for name, megabytes in overload.growth.items())
    measured = f"{overload.ratio:.0f} ×, {overload.pushed:,} pushed, {overload.lost} lost; growth in MB: {growth}"
    small = all(megabytes <= MOST_GROWTH_MEGABYTES for megabytes in overload.growth.values())
    return Figure(measured, small and overload.lost == 0 and overload.ratio >= LEAST_RATIO)


def push(endpoint: str, seconds: float) -> None:
    """Push as fast as the producer lets us; print how fast that is while its buffer has room, then how many."""
    with Producer(endpoint, stream="pushed", buffer=BUFFER) as producer:
        began = time.monotonic()
        pushed = [producer.push(n % 2, n % 2) for n in range(BUFFER)]
        print(json.dumps({"per_second": BUFFER / (time.monotonic() - began)}), flush=True)
        number = pushed[-1]
        while time.monotonic() - began < seconds:
            number = producer.push(number % 2, number % 2)
    print(json.dumps({"pushed": number + 1}), flush=True)


if __name__ == "__main__":
    push(sys.argv[1], float(sys.argv[2]))
