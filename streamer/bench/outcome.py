"""What became of one predictor on one task with one seed, and of many seeds together.

Solved: at some sample at least 198 of the last 200 predictions were right, so that 200 is the floor.
Holds: at least 99 % right over the final 500; a learner that solved a task and has collapsed since does not hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from streamer.evaluation.accuracy import Outcomes
from streamer.evaluation.milestones import Solved

FINAL = 500
HELD = 0.99


@dataclass(frozen=True, slots=True)
class Outcome:
    """One seed."""

    solved_at: int | None
    holds: bool
    segment_mistakes: tuple[int, ...]
    """Mistakes in each segment of the stream (one segment, but for tasks that change)."""
    recovered: int
    """Segments whose final half was at least 99 % right."""


def outcome_of(right: Outcomes, segment: int | None = None) -> Outcome:
    """Judge a whole run from whether each prediction (T,) was right.

    >>> outcome = outcome_of(np.array([False] * 40 + [True] * 960))
    >>> outcome.solved_at, outcome.holds, outcome.segment_mistakes
    (238, True, (40,))
    """
    solved = Solved()
    solved.update(right)
    length = segment or len(right)
    segments = [right[start : start + length] for start in range(0, len(right), length)]
    return Outcome(
        solved_at=solved.at,
        holds=bool(right[-FINAL:].mean() >= HELD),
        segment_mistakes=tuple(int(np.count_nonzero(~part)) for part in segments),
        recovered=sum(bool(part[len(part) // 2 :].mean() >= HELD) for part in segments),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """Many seeds of one predictor on one task."""

    task: str
    predictor: str
    settings: str
    seeds: int
    samples: int
    solved: int
    holds: int
    median: float | None
    """Samples to solve, over the seeds that did."""
    p90: float | None
    worst: int | None
    segments: int
    recovered: int
    mistakes_first_quarter: float | None = None
    """Mistakes a segment, over the first quarter of the segments; None without segments."""
    mistakes_last_quarter: float | None = None


def row_of(task: str, predictor: str, settings: str, samples: int, outcomes: Sequence[Outcome]) -> Row:
    """Sum up the seeds."""
    solved = sorted(outcome.solved_at for outcome in outcomes if outcome.solved_at is not None)
    mistakes = np.array([outcome.segment_mistakes for outcome in outcomes])
    quarter = mistakes.shape[1] // 4
    return Row(
        task=task,
        predictor=predictor,
        settings=settings,
        seeds=len(outcomes),
        samples=samples,
        solved=len(solved),
        holds=sum(outcome.holds for outcome in outcomes),
        median=float(np.median(solved)) if solved else None,
        p90=float(np.percentile(solved, 90)) if solved else None,
        worst=solved[-1] if len(solved) == len(outcomes) else None,
        segments=int(mistakes.size) if quarter else 0,
        recovered=sum(outcome.recovered for outcome in outcomes) if quarter else 0,
        mistakes_first_quarter=float(mistakes[:, :quarter].mean()) if quarter else None,
        mistakes_last_quarter=float(mistakes[:, -quarter:].mean()) if quarter else None,
    )


def luck_row(task: str, samples: int, trials: int, solved: int) -> Row:
    """Random weights that are never updated: each guess is right from its first sample or never."""
    return Row(
        task=task,
        predictor="random weights",
        settings="no learning",
        seeds=trials,
        samples=samples,
        solved=solved,
        holds=solved,
        median=None,
        p90=None,
        worst=None,
        segments=0,
        recovered=0,
    )
