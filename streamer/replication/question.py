"""The question: a stateful Keras GRU(16) that is to say 0 if the previous bit was 1, and cannot.

One time step an update, batch 1, no head: the 16 outputs are the hidden state, and the target stands 16 times on it.
The script's switch SAME asks for the current bit instead, which needs no memory and is learned.
"""

from collections.abc import Sequence

import numpy as np
from torch import nn

from streamer.replication.bits import CURRENT, PREVIOUS, bits
from streamer.replication.curves import accuracy_curve
from streamer.replication.default import always_one, default_trace
from streamer.replication.finding import Finding, Panel, Picture, Row, Table
from streamer.replication.keras.gru import GRU
from streamer.replication.keras.initialisers import generators
from streamer.replication.online import Online, learn_all
from streamer.replication.published import QUESTION, SOURCE
from streamer.replication.system import Progress
from streamer.replication.trace import FINAL, SPAN, Trace
from streamer.replication.wording import NONE, losses, percents

SAMPLES = 3_000
UNITS = 16
STEP_SIZE = 1e-3

WHY = (
    "It fails because the gradient is cut: with one time step an update it never reaches the previous input, so "
    "nothing teaches the network to keep that bit; and the target set on the state itself presses all 16 units "
    "towards one number, which leaves hardly any room to remember. What is left is the share of ones, no better "
    "than always saying 1, while SAME needs no memory and is learned. The batch of one is not to blame: with the "
    "gradient through two steps and nothing else changed it starts to learn, and the daemon's default (eight steps, "
    "a linear head on the state) solves the same bits."
)


def replicate(seeds: Sequence[int], progress: Progress, *, samples: int = SAMPLES) -> Finding:
    """All runs of the question, and the daemon's default on the same bits."""
    same, failing = question(seeds, samples, progress)
    two_steps = question_with_two_steps(seeds, samples, progress)
    default = default_trace(seeds, samples, PREVIOUS, progress)
    nothing = always_one(bits(seeds, samples, PREVIOUS)[1])
    return Finding(
        system="question",
        title="The question: a GRU that cannot say what the previous bit was",
        settings=(
            f"Keras' GRU({UNITS}), stateful, one time step an update, MSE, Adam {STEP_SIZE}; the target is set {UNITS} "
            "times on the state itself. One bit in four is 1; the target is 1 − the previous bit, with SAME 1 − the "
            f"current bit. {samples:,} samples ({default.samples:,} for the daemon's default), {len(seeds)} seeds; "
            f"figures over the last {FINAL}, least and greatest of the seeds."
        ),
        table=_table(same, failing, two_steps, default, nothing),
        notes=(f"Published: {SOURCE}", f"“{QUESTION['claim']}”; the figures: {QUESTION['figures_from']}."),
        ours={
            "same": figures(same),
            "not_same": figures(failing),
            "not_same_two_steps": figures(two_steps),
            "default": figures(default) | {"samples": default.samples},
            "always_one": {"loss": nothing.final_losses(), "accuracy": nothing.accuracies()},
        },
        published=QUESTION,
        why=WHY,
        picture=_picture(same, failing, two_steps, default, float(nothing.right.mean())),
    )


def question(seeds: Sequence[int], samples: int, progress: Progress) -> tuple[Trace, Trace]:
    """The set-up of the question, with SAME and without. All runs go side by side, as rows of one array."""
    both = [bits(seeds, samples, lag) for lag in (CURRENT, PREVIOUS)]
    xs, ys = (np.concatenate(arrays) for arrays in zip(*both, strict=True))
    runs = learn_all(_online([*seeds, *seeds], truncation=1), xs, ys, "the question", progress)
    count = len(seeds)
    return Trace(runs.right[:count], runs.losses[:count]), Trace(runs.right[count:], runs.losses[count:])


def question_with_two_steps(seeds: Sequence[int], samples: int, progress: Progress) -> Trace:
    """Not an original: the question with the gradient through two time steps, to tell the cause."""
    xs, ys = bits(seeds, samples, PREVIOUS)
    return learn_all(_online(seeds, truncation=2), xs, ys, "with the gradient through two steps", progress)


def figures(run: Trace) -> dict[str, list[float] | list[int | None]]:
    """A list each, one value a seed."""
    return {"loss": run.final_losses(), "accuracy": run.accuracies(), "solved_at": run.solved_at()}


def _online(seeds: Sequence[int], *, truncation: int) -> Online:
    cell = GRU(generators(seeds), inputs=1, units=UNITS)
    return Online(cell, nn.Identity(), step_sizes=[STEP_SIZE] * len(seeds), truncation=truncation)


def _table(same: Trace, failing: Trace, two_steps: Trace, default: Trace, nothing: Trace) -> Table:
    def ours(run: Trace) -> tuple[str, str]:
        return losses(run.final_losses()), percents(run.accuracies())

    def published(name: str) -> tuple[str, str]:
        return losses(QUESTION[name]["loss"]), percents(QUESTION[name]["accuracy"])

    none = (NONE, NONE)
    return Table(
        ("system", "loss", "right", "published\nloss", "published\nright"),
        (
            Row(("question, SAME", *ours(same), *published("same")), "learns"),
            Row(("question", *ours(failing), *published("not_same")), "fails"),
            Row(("always saying 1", *ours(nothing), *none)),
            Row(("question, two steps", *ours(two_steps), *none), "learns"),
            Row(("daemon's default", *ours(default), *none), "default"),
        ),
    )


def _picture(same: Trace, failing: Trace, two_steps: Trace, default: Trace, share_of_ones: float) -> Picture:
    level = ("always saying 1", share_of_ones)
    return Picture(
        title="The question's set-up cannot remember the previous bit",
        subtitle=f"Keras' GRU({UNITS}), no head",
        x_label="samples",
        y_label=f"share right in the last {SPAN}",
        panels=(
            Panel("SAME: asked for the current bit, it learns", (accuracy_curve("question, SAME", same, "learns"),)),
            Panel(
                "Asked for the previous bit, it does not: one time step an update cuts the gradient",
                (accuracy_curve("question", failing, "fails"), accuracy_curve("two steps", two_steps, "learns")),
                level=level,
            ),
            Panel(
                "The daemon's default on the same bits", (accuracy_curve("default", default, "default"),), level=level
            ),
        ),
    )
