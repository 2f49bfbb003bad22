"""All scores of one stream: the learner's and the null models', on the same samples in the same order."""

from typing import Protocol

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.evaluation.binary import BinaryScores
from streamer.evaluation.card import ScoreCard
from streamer.evaluation.forecast import ForecastScores
from streamer.evaluation.multiclass import ClassScores
from streamer.evaluation.next_symbol import NextScores
from streamer.evaluation.regression import NumberScores
from streamer.samples import Arrays, Floats


class Scores(Protocol):
    """Takes in predictions with their targets; however the samples are cut into blocks, it has the same bits."""

    def step(self, xs: Floats, predictions: Floats, ys: Floats) -> Floats:
        """Score the next samples (T, I): predictions (T,) or (T, W), targets (T,), NaN for none.

        Returns contexts (T, Q): what is needed of a sample to score it, and to let the null models learn from it, when
        its label comes later.
        """
        ...

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Score targets (n,) that came late, in order, with their samples' contexts (n, Q)."""
        ...

    def counts(self) -> tuple[int, int]:
        """Scored predictions so far, and how many of them were right; 0 where none can be right."""
        ...

    def card(self) -> ScoreCard:
        """The scores now."""
        ...

    def export(self) -> Arrays:
        """The whole state as arrays."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...


def warm_up(settings: LearnerSettings) -> None:
    """Compile what the scores of this task are made with, or load it, before samples wait for it."""
    scores, width = scores_for(settings, window=1, fading=0.5), predicted(settings)
    xs, predictions = np.zeros((2, settings.inputs), np.float32), np.full((2, width), 0.5, np.float32)
    contexts = scores.step(xs, predictions, np.array([0, np.nan], np.float32))
    scores.label(contexts[1:], np.ones(1, np.float32))


def predicted(settings: LearnerSettings) -> int:
    """W, the numbers of a prediction; 1 where predictions are (T,).

    >>> predicted(LearnerSettings(task="forecast", horizons=(1, 5))), predicted(LearnerSettings())
    (6, 1)
    """
    if settings.task == "binary":
        return 1
    return settings.classes if settings.task in {"multiclass", "next"} else 3 * settings.targets


def scores_for(settings: LearnerSettings, *, window: int, fading: float) -> Scores:
    """The scores of a learner's task, over a sliding window and with a fading factor.

    >>> scores_for(LearnerSettings(task="forecast", horizons=(1, 5)), window=9, fading=0.9).card().errors.keys()
    dict_keys([1, 5])
    """
    match settings.task:
        case "binary":
            return BinaryScores(window=window, fading=fading)
        case "multiclass":
            return ClassScores(classes=settings.classes, window=window, fading=fading)
        case "next":
            return NextScores(classes=settings.classes, window=window, fading=fading)
        case "regression":
            return NumberScores(window=window)
        case "forecast":
            return ForecastScores(horizons=settings.horizons, window=window)
