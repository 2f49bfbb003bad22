"""Wires a producer of somebody's own rows: from files, a pipe or River, with their predictions on the way back."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamer.app.production import Produced, Stopped, Watch, produce, produce_pipe, replay
from streamer.client.pump import Pump
from streamer.errors import DataError, Fault, SettingsError, StoppedError
from streamer.sinks.file import PredictionFile
from streamer.sinks.score import RunningScore
from streamer.sources.river import RiverSource
from streamer.sources.tables.badrows import BadRows, OnBadRow
from streamer.sources.tables.layout import Layout
from streamer.sources.tables.live import LiveTable
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tables.source import Looked, TableSource

STDIN, RIVER = "-", "river:"
STDIN_DESCRIPTOR = 0


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What a user wants of a table. `speed` is that of a replay, None for none; `keys` as for any producer."""

    source: str
    mapping: Mapping = field(default_factory=Mapping)
    to: str = "tcp://127.0.0.1:15577"
    stream: str | None = None
    samples: int | None = None
    rate: float | None = None
    speed: float | None = None
    batch: int = 256
    keys: tuple[str | None, str | None] = (None, None)
    on_bad_row: OnBadRow = "stop"
    bad_rows: str | None = None
    predictions: str | None = None

    def __post_init__(self) -> None:
        faults = []
        if self.speed is not None and self.rate is not None:
            faults.append(Fault("--rate", "it is not the pace at which rows were recorded", "leave out it or --replay"))
        if self.speed is not None and self.mapping.time is None and not self.source.startswith(RIVER):
            faults.append(Fault("--replay", "without moments there is no pace", "give --time COLUMN"))
        if self.source == STDIN and (self.samples, self.rate, self.speed) != (None, None, None):
            problem = "stdin comes as fast as it comes, and ends when it does"
            faults.append(Fault("-", problem, "leave out --rate, --samples, --replay and --speed, or give a file"))
        if faults:
            raise SettingsError(faults)

    @property
    def name(self) -> str:
        """The stream's name: as said, or as the source is called."""
        return self.stream or stream_name(self.source)

    @property
    def bad_path(self) -> str:
        """Where rows left out are written down."""
        return self.bad_rows or ("stdin" if self.source == STDIN else self.source.rstrip("/")) + ".bad"


@dataclass(frozen=True, slots=True)
class Opened:
    """What is told before the first row goes: the layout, and how many rows there are, None for a pipe."""

    name: str
    layout: Layout
    rows: int | None
    left_out: int
    score: Callable[[], str]
    """How good the predictions are so far, in words; empty if none come back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: `produced`, rows left out, predictions written, and keys of a pipe's JSON that were not used."""

    produced: Produced
    left_out: int
    written: int | None
    score: str
    unknown: tuple[str, ...] = ()


Open = Callable[[Opened], Watch]
"""Called once before anything is sent; returns what to call after each turn."""


def publish_table(
    plan: TablePlan, opened: Open, stopped: Stopped, looked: Looked = lambda rows: None
) -> Outcome | None:
    """Publish the rows until all are learned, or `stopped()`; None if that was before the first row of a pipe.

    DataError for data that cannot be taken as they are, before any is sent if they are a file's: `looked` is called
    while they are looked through.
    """
    with ExitStack() as stack:
        run = _Run(plan, opened, stopped, looked, stack)
        return run.pipe() if plan.source == STDIN else run.rows()


class _Run:
    def __init__(self, plan: TablePlan, opened: Open, stopped: Stopped, looked: Looked, stack: ExitStack) -> None:
        self._plan, self._opened, self._stopped, self._looked = plan, opened, stopped, looked
        self._bad_rows = BadRows(plan.on_bad_row, plan.bad_path)
        stack.callback(self._bad_rows.close)
        self._score = RunningScore()
        self._file = None if plan.predictions is None else PredictionFile(plan.predictions)
        if self._file is not None:
            stack.callback(self._file.close)

    def rows(self) -> Outcome:
        plan = self._plan
        source = self._source()
        total = min(source.length, plan.samples or source.length)
        options = self._options(source.layout, total)
        if plan.speed is None:
            produced = produce(source, plan.to, samples=plan.samples, rate=plan.rate, **options)
        else:
            produced = replay(source, plan.to, samples=plan.samples, speed=plan.speed, **options)
        return self._outcome(produced)

    def pipe(self) -> Outcome | None:
        # Never closed: closing waits for whoever reads, and the pipe may stay open for ever.
        content = open(STDIN_DESCRIPTOR, "rb", closefd=False)  # noqa: SIM115
        table = LiveTable(content, "stdin", self._plan.mapping)
        pump = Pump(table.events(), self._bad_rows)
        layout = pump.layout(self._stopped)
        if layout is None:
            pump.check()
            if self._stopped():
                return None
            raise DataError("there are no rows that can be taken", file="stdin", got=f"{self._bad_rows.count} others")
        options = self._options(layout, None)
        produced = produce_pipe(pump, layout, self._plan.to, texts=table.classes, **options)
        return self._outcome(produced, tuple(sorted(table.unknown)))

    def _source(self) -> TableSource | RiverSource:
        plan = self._plan
        if not plan.source.startswith(RIVER):
            return TableSource(plan.source, plan.mapping, self._bad_rows, self._look)
        return RiverSource(plan.source.removeprefix(RIVER), plan.mapping)

    def _look(self, rows: int) -> None:
        if self._stopped():
            raise StoppedError("stopped before anything was sent")
        self._looked(rows)

    def _options(self, layout: Layout, rows: int | None) -> dict[str, Any]:
        plan = self._plan
        opened = Opened(plan.name, layout, rows, self._bad_rows.count, lambda: self._score.words)
        return {
            "stream": plan.name,
            "batch": plan.batch,
            "key": plan.keys[0],
            "daemon_key": plan.keys[1],
            "sinks": [] if self._file is None else [self._file, self._score],
            "stopped": self._stopped,
            "watch": self._opened(opened),
        }

    def _outcome(self, produced: Produced, unknown: tuple[str, ...] = ()) -> Outcome:
        written = None if self._file is None else self._file.written
        return Outcome(produced, self._bad_rows.count, written, self._score.words, unknown)


def stream_name(source: str) -> str:
    """A stream's name made of a source's.

    >>> stream_name("data/my shop.csv.gz"), stream_name("river:Phishing"), stream_name("-")
    ('my_shop', 'Phishing', 'stdin')
    """
    if source == STDIN:
        return "stdin"
    base = Path(source.removeprefix(RIVER)).absolute().name.split(".")[0]
    return re.sub(r"[^A-Za-z0-9._-]", "_", base).strip("._-")[:64] or "rows"
