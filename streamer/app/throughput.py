"""How fast samples go through a daemon, end to end, beside the same learner in process.

All cases take turns, several times, and the median of each counts: the machine is never quiet.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from streamer.app.children import child
from streamer.app.keymaking import make_keys
from streamer.app.remote import fetch_status
from streamer.config.learner import LearnerSettings
from streamer.errors import StreamerError
from streamer.learning.learner import Learner
from streamer.sources.bits import BitSource

LOOK_SECONDS = 0.05
WARM_UP = 64
TRANSPORTS = ("tcp", "ipc", "curve")


@dataclass(frozen=True, slots=True)
class Case:
    """One way of giving samples to a learner."""

    transport: str
    """`in process`, `tcp`, `ipc`, or `curve`: tcp, encrypted."""
    batch: int
    """Samples a message, or in process a call."""
    samples: int


@dataclass(frozen=True, slots=True)
class Throughput:
    """What was measured of a case."""

    transport: str
    batch: int
    samples_per_second: float
    ratio: float
    """To `step_many` in process, in the same minute."""


def cases(samples: int) -> list[Case]:
    """What is measured: `samples` at a time, a third of that at one sample a message."""
    networks = [
        Case(transport, batch, samples if batch > 1 else max(1, samples // 3))
        for transport in TRANSPORTS
        for batch in (1, 16, 256, 4096)
    ]
    return [Case("in process", 256, samples), *networks]


def measure_throughput(samples: int, repeats: int, tell: Callable[[float], None]) -> list[Throughput]:
    """Run every case `repeats` times, in turn; `tell` is given the share that is done."""
    measured: dict[Case, list[float]] = {case: [] for case in cases(samples)}
    with tempfile.TemporaryDirectory(prefix="streamer-bench-") as directory, ExitStack() as stack:
        daemons = {name: stack.enter_context(_daemon(name, f"{directory}/{name}")) for name in TRANSPORTS}
        names = count()
        for turn in range(repeats):
            for done, (case, rates) in enumerate(measured.items()):
                if case.transport == "in process":
                    rates.append(_in_process(case))
                else:
                    rates.append(_published(case, daemons[case.transport], f"bench-{next(names)}"))
                tell((turn + (done + 1) / len(measured)) / repeats)
    (beside,) = (rates for case, rates in measured.items() if case.transport == "in process")
    return [_row(case, rates, beside) for case, rates in measured.items()]


def _row(case: Case, rates: list[float], beside: list[float]) -> Throughput:
    ratios = [rate / other for rate, other in zip(rates, beside, strict=True)]
    return Throughput(case.transport, case.batch, statistics.median(rates), statistics.median(ratios))


def _in_process(case: Case) -> float:
    learner, block = Learner(LearnerSettings()), BitSource().read(0, WARM_UP + case.samples)
    learner.step_many(block.inputs[:WARM_UP], block.targets[:WARM_UP])
    started = time.perf_counter()
    for first in range(WARM_UP, len(block), case.batch):
        part = block.since(first).head(case.batch)
        learner.step_many(part.inputs, part.targets)
    return case.samples / (time.perf_counter() - started)


def _published(case: Case, facts: dict[str, Any], stream: str) -> float:
    """Samples a second from the daemon's first step of a new stream to its last."""
    arguments = ["produce", "bits", "--to", facts["endpoint"], "--stream", stream, "--json"]
    arguments += ["--samples", str(case.samples), "--batch", str(case.batch)]
    if "key" in facts:
        arguments += ["--key", facts["key"], "--daemon-key", facts["daemon_key"]]
    with child(arguments) as producer:
        while not producer.ended:
            time.sleep(LOOK_SECONDS)
        producer.check(may_end=True)
    found = fetch_status(facts["status"].removesuffix("/api/v1/status"))["streams"][stream]
    return float(found["samples_per_second"])


@contextmanager
def _daemon(transport: str, directory: str) -> Iterator[dict[str, Any]]:
    listen = f"ipc://{directory}.socket" if transport == "ipc" else "tcp://127.0.0.1:*"
    keys, settings = _keys(directory) if transport == "curve" else ({}, {})
    settings |= {
        "transport.listen": listen,
        "checkpoints.directory": directory,
        "telemetry.port": "0",
        "streams.limit": "10000",
    }
    pairs = [argument for name, value in settings.items() for argument in ("--set", f"{name}={value}")]
    with child(["run", "--json", *pairs]) as daemon:
        facts = daemon.facts(lambda: False)
        if facts is None:
            raise StreamerError("the daemon was not started")
        yield facts | keys


def _keys(directory: str) -> tuple[dict[str, str], dict[str, str]]:
    """What a producer is given, and the settings of the daemon that lets it in."""
    daemon, producer = (make_keys(f"{directory}.{name}") for name in ("daemon", "producer"))
    settings = {"transport.key": daemon.secret_file, "transport.allow": producer.public_file}
    return {"key": producer.secret_file, "daemon_key": daemon.public_key}, settings
