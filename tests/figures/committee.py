"""What a committee reaches with its defaults: `python -m tests.figures.committee` prints a Markdown table.

`--only PART` (may be given again) measures a part, `--seeds N` counts for the seed's task and the coins, `--members
A,B` is a committee of those alone. Needs River, for its data. Times are the processor's, for the machine may be busy.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from streamer.bench.contest import BLOCK, run_committee
from streamer.bench.hindsight import ratio_since, worst_ratio
from streamer.bench.outcome import Outcome, outcome_of, row_of
from streamer.bench.real import EARLY, SETTLED
from streamer.bench.scoring import answers_of
from streamer.bench.streams import Stream, chosen
from streamer.config.learner import LearnerSettings
from streamer.errors import SettingsError
from streamer.learning.committee.committee import Committee
from streamer.learning.learner import Learner
from streamer.samples import Block, Floats
from streamer.sources.bits import BitSource
from streamer.sources.tasks import INVERSION, TaskSource

SEEDS = 5
SOLVING = 1_000
"""Samples of the seed's task: long enough to see that what was solved holds."""
DRIFTING = 100_000
TOSSES = 4_000
TIMED = 100 * BLOCK
AFTER = (SETTLED, EARLY)
Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured, and how thoroughly."""

    seeds: int | None
    workers: int
    members: tuple[str, ...]

    def over(self, seeds: int) -> range:
        """Those asked for, or as many as the figure says."""
        return range(self.seeds or seeds)


def spread(values: Sequence[float], digits: int = 1, unit: str = "") -> str:
    """Mean and range."""
    mean, low, high = statistics.mean(values), min(values), max(values)
    return f"{mean:.{digits}f}{unit} ({low:.{digits}f} to {high:.{digits}f})"


def each_seed(plan: Plan, work: Callable[[int], Any], seeds: range) -> list[Any]:
    if plan.workers == 1:
        return list(map(work, seeds))
    with ProcessPoolExecutor(plan.workers) as pool:
        return list(pool.map(work, seeds))


def scores(plan: Plan, name: str) -> tuple[list[float], list[float]]:
    """Scores and mean losses of a bundled stream, seed by seed."""
    stream = chosen([name])[name]()
    found: tuple[list[float], list[float]] = ([], [])
    for seed in range(SEEDS):
        block = stream.block(seed)
        own, _ = run_committee(stream, block, seed, plan.members)
        answers = stream.answers(block)
        found[0].append(answers.score(own.points))
        found[1].append(answers.log_loss(own.losses) or 0.0)
    return found


def tables(plan: Plan) -> Iterator[Line]:
    for name, accuracy, loss in (("Bananas", 88.5, 0.25), ("Phishing", 89.3, 0.26)):
        right, losses = scores(plan, name)
        yield f"{name}, accuracy", f"≥ {accuracy} %", spread(right, 2, " %")
        yield f"{name}, log loss", f"≤ {loss:g}", spread(losses, 4)


def airline(plan: Plan) -> Iterator[Line]:
    errors, _ = scores(plan, "AirlinePassengers")
    yield "AirlinePassengers, one-step MAE, the first sample counted", "≤ 10", spread(errors, 2)


def solving(seed: int, members: tuple[str, ...]) -> Outcome:
    block = BitSource(seed=seed).read(0, SOLVING)
    told = Committee(members=members, seed=seed).step_many(block.inputs, block.targets)
    return outcome_of((told > 0.5) == (block.targets > 0.5))


def puzzle(plan: Plan) -> Iterator[Line]:
    seeds = plan.over(1_000)
    row = row_of("", "", "", SOLVING, each_seed(plan, partial(solving, members=plan.members), seeds))
    found = f"{row.solved} solve, {row.holds} hold; median {row.median or math.nan:.0f}, worst {row.worst}"
    yield f"seed's task, {len(seeds):,} seeds", "all solve and hold; median ≤ 240, worst ≤ 300", found


def drifting(seed: int, members: tuple[str, ...]) -> Outcome:
    block = TaskSource("drift", seed).read(0, DRIFTING)
    told = Committee(members=members, seed=seed).step_many(block.inputs, block.targets)
    return outcome_of((told > 0.5) == (block.targets > 0.5), INVERSION)


def drift(plan: Plan) -> Iterator[Line]:
    row = row_of("", "", "", DRIFTING, each_seed(plan, partial(drifting, members=plan.members), range(SEEDS)))
    assert row.mistakes_first_quarter is not None
    assert row.mistakes_last_quarter is not None
    found = f"{row.mistakes_last_quarter:.1f}; in the first {row.mistakes_first_quarter:.1f}"
    yield f"drift, inverted every {INVERSION:,}: mistakes a segment in the last quarter", "≤ 12", found


def found_ratios(seed: int, stream: Stream, members: tuple[str, ...]) -> list[float | None]:
    """Of what comes after sample 1,000, and after 200; then of all until then, the worst from there on."""
    own, each = run_committee(stream, stream.block(seed), seed, members)
    losses = np.array([trace.losses for trace in each])
    return [ratio(own.losses, losses, after=after) for ratio in (ratio_since, worst_ratio) for after in AFTER]


def ratios(plan: Plan) -> Iterator[Line]:
    """A stream's worst seed."""
    questions = (
        "mean loss over the best member's, of samples after {}",
        "the same since the first sample, ever after {}",
    )
    named = [question.format(" / ".join(f"{after:,}" for after in AFTER)) for question in questions]
    worst: list[tuple[float, str]] = [(0.0, "")] * 4
    for name, opener in chosen([]).items():
        stream = opener()
        told = []
        for at, values in enumerate(
            zip(*(found_ratios(seed, stream, plan.members) for seed in range(SEEDS)), strict=True)
        ):
            known = [value for value in values if value is not None]
            told.append(f"{max(known):.3f}" if known else "–")
            worst[at] = max(worst[at], (max(known, default=0.0), name))
        for question, at in zip(named, (0, 2), strict=True):
            yield f"{question}: {name}", "≤ 1.02 / ≤ 1.10", " / ".join(told[at : at + 2])
    for question, at in zip(named, (0, 2), strict=True):
        shown = " / ".join(f"{ratio:.3f} ({name})" for ratio, name in worst[at : at + 2])
        yield f"{question}: the worst of all", "≤ 1.02 / ≤ 1.10", shown


def tossing(seed: int, members: tuple[str, ...]) -> float:
    """Nats a toss."""
    rng = np.random.default_rng(seed)
    xs, ys = (rng.integers(0, 2, shape).astype(np.float32) for shape in ((TOSSES, 1), (TOSSES,)))
    told = Committee(members=members, seed=seed).step_many(xs, ys)
    return float(answers_of("binary", ys).losses(told[:, None]).mean())


def coins(plan: Plan) -> Iterator[Line]:
    seeds = plan.over(100)
    over = [loss - math.log(2) for loss in each_seed(plan, partial(tossing, members=plan.members), seeds)]
    found = f"ln 2 + {statistics.mean(over):.4f} (at most + {max(over):.4f})"
    yield f"fair coins, {len(seeds)} seeds, {TOSSES:,} tosses: log loss", "≤ ln 2 + .01", found


def microseconds(make: Callable[[], Any], block: Block) -> str:
    """Of the processor, the median of seven runs, in blocks, after one block that is not counted."""
    found = []
    for _ in range(7):
        learner = make()
        step(learner, block.inputs[:BLOCK], block.targets[:BLOCK])
        start = time.process_time()
        for at in range(BLOCK, len(block), BLOCK):
            step(learner, block.inputs[at : at + BLOCK], block.targets[at : at + BLOCK])
        found.append((time.process_time() - start) / (len(block) - BLOCK) * 1e6)
    return f"{statistics.median(found):.1f} µs"


def step(learner: Any, xs: Floats, ys: Floats) -> None:
    learner.step_many(xs, ys)


def cost(plan: Plan) -> Iterator[Line]:
    block, what = BitSource().read(0, TIMED), f"one input, binary, blocks of {BLOCK}: a sample"
    everyone = Committee(members=plan.members).members
    light = tuple(name for name in everyone if "ndekf" not in name)
    yield f"{what}, all {len(everyone)}", "≤ 25 µs", microseconds(lambda: Committee(members=everyone), block)
    yield (
        f"{what}, the {len(light)} that are no ndekf",
        "≤ 10 µs",
        microseconds(lambda: Committee(members=light), block),
    )
    try:
        settings = LearnerSettings.model_validate({"optimiser": "ndekf", "memory": "none", "hidden": 16})
    except (SettingsError, ValueError):
        return
    yield "`ndekf`, GRU-16, one input, fused", "≤ 12 µs", microseconds(lambda: Learner(settings), block)


PARTS: dict[str, Callable[[Plan], Iterator[Line]]] = {
    "tables": tables,
    "airline": airline,
    "puzzle": puzzle,
    "drift": drift,
    "ratios": ratios,
    "coins": coins,
    "cost": cost,
}


def shown(rows: Sequence[Line]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, line by line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part; may be given again")
    parser.add_argument("--seeds", type=int, help="of the seed's task (1,000) and the coins (100)")
    parser.add_argument("--workers", type=int, default=2, help="processes, for the seeds")
    parser.add_argument("--members", default="", metavar="A,B", help="a committee of these alone")
    said = parser.parse_args(arguments)
    plan = Plan(said.seeds, said.workers, tuple(filter(None, said.members.split(","))))
    print(shown([("what", "asked", "measured"), ("---", "---", "---")]), flush=True)
    for name in said.only or PARTS:
        for line in PARTS[name](plan):
            print(shown([line]), flush=True)


if __name__ == "__main__":
    main()
