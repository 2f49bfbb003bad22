"""The committee beside each of its members and River's own models: their scores, losses and times on one stream."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from streamer.bench.contest import Trace, committee_of, microseconds_alone, run_committee, run_rival
from streamer.bench.hindsight import worst_ratio
from streamer.bench.river import RANDOM, rivals_of
from streamer.bench.scoring import Answers, Doubles
from streamer.bench.streams import Stream
from streamer.bench.tables import markdown

Role = Literal["committee", "member", "River"]
COMMITTEE = "committee"
EARLY, SETTLED = 200, 1_000
"""From these samples on nobody should have done much better than the committee."""


@dataclass(frozen=True, slots=True)
class RealRow:
    """One predictor on one stream."""

    stream: str
    samples: int
    predictor: str
    role: Role
    score_name: str
    score: float | None
    """The mean over the seeds: `accuracy` in per cent, `MAE` in the target's unit; None for a member that failed."""
    spread: float | None
    """Standard deviation over the seeds; None for one."""
    log_loss: float | None
    """Nats a sample, the mean over the seeds; None for numbers."""
    loss_ratio_after_200: float | None
    """Cumulative loss over that of the member best by then: the worst from there on, over all seeds."""
    loss_ratio_after_1000: float | None
    microseconds_per_sample: float
    """To predict and to learn one, the median over the seeds; a committee in blocks of 256."""
    seeds: int


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """For a plot: cumulative losses (T,), means over the seeds, by predictor, the committee first."""

    stream: str
    unit: str
    totals: Mapping[str, Doubles]
    roles: Mapping[str, Role]


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """All there is to tell of a stream: rows in order of their loss, the committee first, River's last."""

    rows: list[RealRow]
    curves: Curves


def run_stream(
    stream: Stream, seeds: int, advance: Callable[[float], None] = lambda share: None, members: tuple[str, ...] = ()
) -> Result:
    """Run them all; `members` narrows the committee. `advance` is told what share of the work was done since before."""
    blocks = [stream.block(seed) for seed in range(seeds)]
    names = committee_of(stream, 0, members).members
    rivals = rivals_of(stream.kind) if stream.schema.columns else {}  # they remember nothing, and a task needs it
    steps = seeds + len(names) + len(rivals)
    runs: list[tuple[Trace, list[Trace]]] = []
    for seed, block in enumerate(blocks):
        runs.append(run_committee(stream, block, seed, members))
        advance(1 / steps)
    table = _Table(stream, [stream.answers(block) for block in blocks], [each for _, each in runs])
    table.add(COMMITTEE, "committee", [own for own, _ in runs])
    for number, name in enumerate(names):
        microseconds = microseconds_alone(stream, blocks[0], name)
        table.add(name, "member", [each[number] for _, each in runs], microseconds)
        advance(1 / steps)
    for name, make in rivals.items():
        seeded = range(seeds if name in RANDOM else 1)
        table.add(name, "River", [run_rival(make, stream, blocks[seed], seed) for seed in seeded])
        advance(1 / steps)
    return table.result()


class _Table:
    """Gathers the rows of one stream."""

    def __init__(self, stream: Stream, answers: Sequence[Answers], members: Sequence[Sequence[Trace]]) -> None:
        self._stream, self._answers = stream, answers
        self._members = [np.array([trace.losses for trace in each]) for each in members]
        self._rows: list[RealRow] = []
        self._totals: dict[str, Doubles] = {}

    def add(self, name: str, role: Role, traces: Sequence[Trace], microseconds: float | None = None) -> None:
        """One predictor's traces, seed by seed."""
        each = list(zip(traces, self._answers, strict=False))
        scores = [answers.score(trace.points) for trace, answers in each]
        told = [answers.log_loss(trace.losses) for trace, answers in each]
        losses = [loss for loss in told if loss is not None]
        spread = statistics.stdev(scores) if len(scores) > 1 else math.nan
        if microseconds is None:
            microseconds = statistics.median(trace.microseconds for trace in traces)
        self._totals[name] = np.mean([np.cumsum(trace.losses) for trace in traces], axis=0)
        self._rows.append(
            RealRow(
                stream=self._stream.name,
                samples=len(traces[0].losses),
                predictor=name,
                role=role,
                score_name="MAE" if self._stream.kind == "regression" else "accuracy",
                score=_told(statistics.mean(scores)),
                spread=_told(spread),
                log_loss=_told(statistics.mean(losses)) if losses else None,
                loss_ratio_after_200=self._ratio(traces, EARLY),
                loss_ratio_after_1000=self._ratio(traces, SETTLED),
                microseconds_per_sample=microseconds,
                seeds=len(traces),
            )
        )

    def result(self) -> Result:
        """The rows in their order."""
        order = {role: place for place, role in enumerate(("committee", "member", "River"))}
        rows = sorted(self._rows, key=lambda row: (order[row.role], self._total(row.predictor)))
        unit = "absolute error" if self._stream.kind == "regression" else "log loss in nats"
        totals = {row.predictor: self._totals[row.predictor] for row in rows}
        return Result(rows, Curves(self._stream.name, unit, totals, {row.predictor: row.role for row in rows}))

    def _total(self, name: str) -> float:
        """One that has failed comes last."""
        return float(np.nan_to_num(self._totals[name][-1], nan=np.inf))

    def _ratio(self, traces: Sequence[Trace], after: int) -> float | None:
        runs = zip(traces, self._members, strict=False)
        ratios = [worst_ratio(trace.losses, members, after=after) for trace, members in runs]
        found = [ratio for ratio in ratios if ratio is not None]
        return _told(max(found)) if found else None


def table(rows: Sequence[RealRow]) -> str:
    """The rows for people."""
    header = ["stream", "samples", "predictor", "score", "log loss", "× best, 200 on", "1,000 on", "µs a sample"]
    return markdown(header, [_cells(row) for row in rows])


NOTES = """\
Each sample is predicted, then learned, once; the first one counts too. Log loss in nats; ± over the seeds.
× best: cumulative loss over that of the member that had lost least by then, the worst from sample 200 or 1,000 on.
µs: a committee in blocks of 256; a member as a committee of it alone; River's models sample by sample, in Python."""


def _told(value: float) -> float | None:
    """None for what is no number."""
    return value if math.isfinite(value) else None


def _cells(row: RealRow) -> list[str]:
    microseconds = row.microseconds_per_sample
    return [
        row.stream,
        f"{row.samples:,}",
        row.predictor if row.role == "committee" else f"{row.role}: {row.predictor}",
        _score(row),
        "" if row.log_loss is None else f"{row.log_loss:.3f}",
        _ratio(row.loss_ratio_after_200),
        _ratio(row.loss_ratio_after_1000),
        f"{microseconds:,.0f}" if microseconds >= 100 else f"{microseconds:.1f}",
    ]


def _score(row: RealRow) -> str:
    if row.score is None:
        return "failed"
    digits = 1 if row.score_name == "accuracy" else 2 if row.score >= 1 else 3
    spread = "" if not row.spread else f" ± {row.spread:.{digits}f}"
    return f"{row.score:,.{digits}f}{spread} {'%' if row.score_name == 'accuracy' else row.score_name}"


def _ratio(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.3f}" if ratio < 10 else f"{ratio:,.0f}"
