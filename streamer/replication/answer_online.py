"""The answer, online: the question's script with the head added, Dense 16 → 1, and nothing else changed.

"Seems to fix it, although the learning is quite unreliable", says the answer. It does, and it is.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from streamer.evaluation.milestones import NEEDED, OF
from streamer.replication.bits import PREVIOUS, bits
from streamer.replication.curves import accuracy_curve
from streamer.replication.default import always_one, default_trace
from streamer.replication.finding import Finding, Panel, Picture, Row, Table
from streamer.replication.keras.dense import Dense
from streamer.replication.keras.gru import GRU
from streamer.replication.keras.initialisers import generators
from streamer.replication.online import Online, learn_all
from streamer.replication.published import ANSWER_ONLINE, SOURCE
from streamer.replication.system import Progress
from streamer.replication.trace import FINAL, HELD, SPAN, Trace
from streamer.replication.wording import NONE, counts, percents, share, solved

SAMPLES = 6_000
UNITS = 16
SMALL_STEP, LARGE_STEP = 1e-3, 1e-2

WHY = (
    "The head frees the state from the target, so that a trace of the previous bit can stay in it and be read out: "
    "the task is solved. But one time step an update still cuts the gradient, so that nothing trains the network to "
    "keep the trace and every update may disturb it: steps of 0.001 leave it alone for as long as this runs, steps "
    "of 0.01 find it sooner and then destroy it. With the gradient through two steps the same large steps hold, so "
    "it is the cut and not Adam alone; the daemon's default runs it through eight."
)


def replicate(seeds: Sequence[int], progress: Progress, *, samples: int = SAMPLES) -> Finding:
    """The answer's online system at two step sizes, and the daemon's default on the same bits."""
    small, large = answer(seeds, samples, progress)
    two_steps = answer_with_two_steps(seeds, samples, progress)
    default = default_trace(seeds, samples, PREVIOUS, progress)
    return Finding(
        system="answer-online",
        title="The answer, online: a head makes it learn, and large steps make it unlearn",
        settings=(
            f"The question's script with a linear head on the state, {UNITS} → 1: stateful, one time step an update, "
            f"MSE. {samples:,} samples ({default.samples:,} for the daemon's default), {len(seeds)} seeds. Solved: the "
            f"first sample with {NEEDED} of the last {OF} right. Holds: at least {percents([HELD])} of the last "
            f"{FINAL} right. Least and greatest of the seeds."
        ),
        table=_table(small, large, two_steps, default),
        notes=(f"Published: {SOURCE}", _note()),
        ours={
            "adam_0.001": figures(small),
            "adam_0.01": figures(large),
            "adam_0.01_two_steps": figures(two_steps),
            "default": figures(default) | {"samples": default.samples},
        },
        published=ANSWER_ONLINE,
        why=WHY,
        picture=_picture(small, large, two_steps, default, always_one(bits(seeds, samples, PREVIOUS)[1])),
    )


def answer(seeds: Sequence[int], samples: int, progress: Progress) -> tuple[Trace, Trace]:
    """The answer's system with small and with large steps, side by side on the same bits."""
    xs, ys = (np.tile(array, (2, 1)) for array in bits(seeds, samples, PREVIOUS))
    count = len(seeds)
    learner = _online([*seeds, *seeds], [SMALL_STEP] * count + [LARGE_STEP] * count, truncation=1)
    runs = learn_all(learner, xs, ys, "the answer, online", progress)
    return Trace(runs.right[:count], runs.losses[:count]), Trace(runs.right[count:], runs.losses[count:])


def answer_with_two_steps(seeds: Sequence[int], samples: int, progress: Progress) -> Trace:
    """Not an original: large steps with the gradient through two time steps, to tell the cause."""
    learner = _online(seeds, [LARGE_STEP] * len(seeds), truncation=2)
    return learn_all(learner, *bits(seeds, samples, PREVIOUS), "with the gradient through two steps", progress)


def figures(run: Trace) -> dict[str, Any]:
    """A list each, one value a seed."""
    return {"solved_at": run.solved_at(), "holds": run.held(), "accuracy": run.accuracies(), "loss": run.final_losses()}


def _online(seeds: Sequence[int], step_sizes: Sequence[float], *, truncation: int) -> Online:
    rngs = generators(seeds)
    cell = GRU(rngs, inputs=1, units=UNITS)
    return Online(cell, Dense(rngs, inputs=UNITS, units=1), step_sizes=step_sizes, truncation=truncation)


def _table(small: Trace, large: Trace, two_steps: Trace, default: Trace) -> Table:
    def ours(run: Trace) -> tuple[str, str, str]:
        return solved(run.solved_at()), share(run.held()), percents(run.accuracies())

    rerun = ANSWER_ONLINE["adam_0.001"], ANSWER_ONLINE["adam_0.01"]
    return Table(
        ("system", "solved at", "holds", "right", "published\nsolved at", "published\nright"),
        (
            Row(("answer, Adam 0.001", *ours(small), counts(rerun[0]["solved_at"]), NONE), "learns"),
            Row(
                ("answer, Adam 0.01", *ours(large), counts(rerun[1]["solved_at"]), percents(rerun[1]["accuracy"])),
                "fails",
            ),
            Row(("Adam 0.01, two steps", *ours(two_steps), NONE, NONE), "learns"),
            Row(("daemon's default", *ours(default), NONE, NONE), "default"),
        ),
    )


def _note() -> str:
    of_300 = ANSWER_ONLINE["of_300_seeds"]
    small, large = of_300["adam_0.001"], of_300["adam_0.01"]
    return (
        f"“{ANSWER_ONLINE['claim']}”; the figures: {ANSWER_ONLINE['figures_from']}. "
        f"Over 300 seeds ({of_300['figures_from']}) "
        f"{percents([small['solve']])} solve and {percents([small['hold']])} hold with Adam {SMALL_STEP}, "
        f"{percents([large['solve']])} and {percents([large['hold']])} with Adam {LARGE_STEP}."
    )


def _picture(small: Trace, large: Trace, two_steps: Trace, default: Trace, nothing: Trace) -> Picture:
    level = ("always saying 1", float(nothing.right.mean()))
    return Picture(
        title="A head makes it learn; with one time step an update it may unlearn",
        subtitle=f"Keras' GRU({UNITS}) with a linear head, one time step an update",
        x_label="samples",
        y_label=f"share right in the last {SPAN}",
        panels=(
            Panel("Adam 0.001: solves late", (accuracy_curve("answer", small, "learns"),), level=level),
            Panel("Adam 0.01: solves sooner, then collapses", (accuracy_curve("answer", large, "fails"),), level=level),
            Panel(
                "Adam 0.01, and the gradient through two time steps: holds",
                (accuracy_curve("two steps", two_steps, "learns"),),
                level=level,
            ),
            Panel(
                "The daemon's default on the same bits", (accuracy_curve("default", default, "default"),), level=level
            ),
        ),
    )
