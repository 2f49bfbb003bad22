"""Scores of `regression`: a value between two limits, beside four null models."""

from collections.abc import Mapping

import numpy as np

from streamer.evaluation.card import ScoreCard
from streamer.evaluation.errors import ErrorTally
from streamer.evaluation.gains import SHARE
from streamer.evaluation.nulls.last_number import LastNumber
from streamer.evaluation.nulls.linear import TappedLinear
from streamer.evaluation.nulls.moving_average import MovingAverage
from streamer.evaluation.nulls.null import NullModel
from streamer.evaluation.nulls.running_mean import RunningMean
from streamer.evaluation.panel import Panel
from streamer.evaluation.parts import Part, export_parts, load_parts
from streamer.evaluation.skill import Skill
from streamer.samples import Arrays, Floats

LEVELS: Mapping[str, type[RunningMean] | type[LastNumber] | type[MovingAverage]] = {
    "mean": RunningMean,
    "last_value": LastNumber,
    "moving_average": MovingAverage,
}
"""Null models that look at no input."""
NULLS = (*LEVELS, "tapped")


class NumberScores:
    """Takes in predictions (T, 3), value, lower and upper, with their targets; NaN is no label.

    >>> scores = NumberScores(window=10)
    >>> predictions = np.array([[1, 0, 2], [2, 1, 3]], np.float32)
    >>> _ = scores.step(np.zeros((2, 1), np.float32), predictions, np.array([1, 5], np.float32))
    >>> scores.card().errors[0].absolute, scores.card().errors[0].coverage
    (1.5, 0.5)
    """

    def __init__(self, *, window: int) -> None:
        models: dict[str, NullModel] = {name: kind() for name, kind in LEVELS.items()}
        self._panel = Panel(models | {"tapped": TappedLinear()}, width=3)
        self._tally = ErrorTally(NULLS, window=window)
        self._skill = Skill(NULLS, rules=tuple(LEVELS), unit="share", largest=SHARE)

    def step(self, xs: Floats, predictions: Floats, ys: Floats) -> Floats:
        """Score the next samples (T, I); their contexts (T, Q), for the labels that are still to come."""
        contexts = self._panel.step_many(predictions, xs, np.ascontiguousarray(ys))
        labelled = ~np.isnan(ys)
        self._score(contexts, ys) if labelled.all() else self._score(contexts[labelled], ys[labelled])
        return contexts

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Score targets (n,) that came late."""
        self._panel.label(np.ascontiguousarray(contexts), np.ascontiguousarray(ys))
        self._score(contexts, ys)

    def counts(self) -> tuple[int, int]:
        """Scored predictions so far; none of them is right or wrong."""
        return self._tally.count, 0

    def card(self) -> ScoreCard:
        """The scores now."""
        errors = {0: self._tally.card()}
        return ScoreCard("regression", self._tally.count, self._tally.in_window, self._skill.card(), errors=errors)

    def export(self) -> Arrays:
        """The whole state as arrays."""
        return export_parts(self._parts())

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        load_parts(self._parts(), arrays)

    def _score(self, contexts: Floats, ys: Floats) -> None:
        own, nulls = contexts[:, :3].astype(np.float64), contexts[:, self._panel.starts].astype(np.float64)
        self._skill.update(self._tally.update(own, nulls, ys.astype(np.float64)))

    def _parts(self) -> dict[str, Part]:
        return {"skill": self._skill} | self._tally.parts() | self._panel.parts()
