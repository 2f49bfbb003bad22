"""The demonstration: a producer process, a daemon process, and what one sees of them."""

import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from streamer.app.children import Child, child
from streamer.app.remote import fetch_status
from streamer.config.loading import load
from streamer.config.settings import TelemetrySettings
from streamer.service.signals import Stop

STREAM = "bits"
PROBABILITY, LAG = 0.25, 1
LOOK_SECONDS = 0.2
SLOW_SAMPLES, SLOW_RATE = 1000, 250.0
"""The first samples of a demonstration without end come slowly, so that one sees the learning; then a second producer
takes the stream over at full speed."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen at one moment."""

    stream: dict[str, Any]
    metrics: str

    @property
    def samples(self) -> int:
        """How far the daemon is."""
        return int(self.stream.get("next_sequence", 0))


def run_demo(overrides: Sequence[str], samples: int | None, stop: Stop, show: Callable[[Look], None]) -> Look:
    """Run until `samples` are learned or `stop` is requested; `show` is called with each look. Returns the last."""
    seed = load(None, overrides).settings.seed
    phases = [(samples, None)] if samples is not None else [(SLOW_SAMPLES, SLOW_RATE), (None, None)]
    with tempfile.TemporaryDirectory(prefix="streamer-demo-") as directory, _daemon(directory, overrides) as daemon:
        facts = daemon.facts(lambda: stop.requested)
        if facts is None:
            return Look({}, "")
        look = Look({}, facts["metrics"])
        for until, rate in phases:
            with child(_producer(facts["endpoint"], seed, until, rate)) as producer:
                while not stop.requested and (until is None or look.samples < until):
                    time.sleep(LOOK_SECONDS)
                    daemon.check(may_end=False)
                    producer.check(may_end=True)
                    look = _look(facts)
                    show(look)
        return look


def summary(look: Look) -> dict[str, Any]:
    """The facts of a demonstration as one JSON object."""
    stream = look.stream
    return {
        "samples": look.samples,
        "accuracy": stream.get("accuracy"),
        "baseline_accuracy": stream.get("baseline_accuracy", {}).get("majority"),
        "last_value_accuracy": stream.get("baseline_accuracy", {}).get("last_value"),
        "solved_at": stream.get("solved_at"),
        "seconds": stream.get("seconds"),
        "samples_per_second": stream.get("samples_per_second"),
        "step_microseconds": stream.get("step_microseconds"),
        "state_hash": stream.get("state_hash"),
        "engine": stream.get("engine"),
    }


@contextmanager
def _daemon(directory: str, overrides: Sequence[str]) -> Iterator[Child]:
    defaults = (
        "transport.listen=tcp://127.0.0.1:*",
        f"checkpoints.directory={directory}",
        f"telemetry.port={_port()}",
    )
    settings = [argument for override in (*defaults, *overrides) for argument in ("--set", override)]
    with child(["run", "--json", *settings]) as daemon:
        yield daemon


def _producer(endpoint: str, seed: int, samples: int | None, rate: float | None) -> list[str]:
    arguments = ["produce", "bits", "--to", endpoint, "--stream", STREAM, "--seed", str(seed)]
    arguments += ["--probability", str(PROBABILITY), "--lag", str(LAG), "--json"]
    arguments += ["--samples", str(samples)] if samples is not None else []
    return arguments + (["--rate", str(rate)] if rate is not None else [])


def _look(facts: dict[str, Any]) -> Look:
    streams = fetch_status(facts["status"].removesuffix("/api/v1/status"))["streams"]
    return Look(streams.get(STREAM, {}), facts["metrics"])


def _port() -> int:
    """The usual port for metrics if it is free, else any: a demonstration may run beside a daemon."""
    usual = TelemetrySettings().port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", usual))
        except OSError:
            return 0
        return usual
