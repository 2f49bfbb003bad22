"""Scores of `multiclass`: a probability for each class found so far, beside null models that look at no input."""

import math

import numpy as np

from streamer.evaluation.accuracy import Outcomes
from streamer.evaluation.answers import BASELINES, AnswerTally
from streamer.evaluation.card import ScoreCard
from streamer.evaluation.classes import UNKNOWN, Classes
from streamer.evaluation.gains import Doubles
from streamer.evaluation.nulls.markov import LARGEST, Markov
from streamer.evaluation.nulls.null import NullModel
from streamer.evaluation.panel import Panel
from streamer.evaluation.parts import Part, export_parts, load_parts
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats, Numbers

NULLS = ("majority", "last_value", "markov")


def symbol_rules(classes: int) -> dict[str, NullModel]:
    """Null models of a sequence of classes; one that looks two targets back only for so few that its table is small.

    >>> list(symbol_rules(16)), list(symbol_rules(17))
    (['majority', 'last_value', 'markov'], ['majority', 'last_value'])
    """
    orders = [order for order in range(len(NULLS)) if classes**order <= LARGEST]
    return {NULLS[order]: Markov(order=order, classes=classes) for order in orders}


class ClassScores:
    """Takes in predictions (T, C) with their targets, which are values of classes: places are found in their order.

    >>> scores = ClassScores(classes=3, window=10, fading=0.9)
    >>> predictions = np.array([[0, 0, 0], [1, 0, 0]], np.float32)
    >>> _ = scores.step(np.zeros((2, 1), np.float32), predictions, np.array([7, 7], np.float32))
    >>> scores.counts()
    (2, 1)
    """

    task = "multiclass"

    def __init__(self, *, classes: int, window: int, fading: float) -> None:
        self._classes = Classes(limit=classes)
        self._panel = Panel(symbol_rules(classes), width=classes)
        names = tuple(self._panel.models)
        self._tally = AnswerTally(names, rules=names, window=window, fading=fading)

    def step(self, xs: Floats, predictions: Floats, ys: Floats) -> Floats:
        """Score the next samples (T, I); their contexts (T, Q), for the labels that are still to come."""
        places = self._found(ys)
        contexts = self._panel.step_many(predictions, xs, places)
        labelled = ~np.isnan(places)
        self._score(contexts, places) if labelled.all() else self._score(contexts[labelled], places[labelled])
        return contexts

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Score targets (n,) that came late; one of a class too many counts nothing."""
        places = self._found(ys)
        fit = ~np.isnan(places)
        contexts, places = contexts[fit], places[fit]
        self._panel.label(contexts, places)
        self._score(contexts, places)

    def counts(self) -> tuple[int, int]:
        """Scored predictions so far, and how many of them were right."""
        return self._tally.counts()

    def card(self) -> ScoreCard:
        """The scores now."""
        count, _ = self._tally.counts()
        return ScoreCard(self.task, count, self._tally.in_window, self._tally.skill.card(), self._tally.card())

    def export(self) -> Arrays:
        """The whole state as arrays."""
        return export_parts(self._parts())

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        load_parts(self._parts(), arrays)

    def _found(self, ys: Floats) -> Floats:
        """The place of each target, NaN for none."""
        places = self._classes.find(ys)
        return np.where(places == UNKNOWN, np.nan, places).astype(np.float32)

    def _score(self, contexts: Floats, places: Floats) -> None:
        count, starts = len(places), self._panel.starts
        bits, gains = np.empty(count), np.empty((count, len(starts)))
        right = np.empty((1 + len(BASELINES), count), np.bool_)
        _match(contexts, starts, places, bits, gains, right)
        self._tally.update(right[0], bits, gains, dict(zip(BASELINES, right[1:], strict=True)))

    def _parts(self) -> dict[str, Part]:
        return {"classes": self._classes} | self._tally.parts() | self._panel.parts()


@block_kernel("float32[:,::1], int64[::1], float32[::1], float64[::1], float64[:,::1], boolean[:,::1]")
def _match(contexts: Floats, starts: Numbers, places: Floats, bits: Doubles, gains: Doubles, right: Outcomes) -> None:
    """Log losses, gains over null models (see `gains`), and who was right: the learner, the commonest, the last class.

    A prediction is of its likeliest class, of the first found if there are several.
    """
    smallest = 2.0**-24
    mixed = 2.0**-6
    classes = starts[0]
    for t in range(len(places)):
        place = int(places[t])
        p = min(max(np.float64(contexts[t, place]), smallest), 1.0 - smallest)
        bits[t] = -math.log2(p)
        for k in range(len(starts)):
            q = min(max(np.float64(contexts[t, starts[k] + place]), smallest), 1.0 - smallest)
            gains[t, k] = math.log2((p + mixed * (q - p)) / (q + mixed * (p - q)))
        for who in range(2):  # the learner, and the rule that goes by how often a class came
            start = who * classes
            likeliest = 0
            for c in range(1, classes):
                if contexts[t, start + c] > contexts[t, start + likeliest]:
                    likeliest = c
            right[who, t] = likeliest == place and contexts[t, start + place] > 0.0
        right[2, t] = int(contexts[t, starts[1] + classes]) == place
