"""Scores of `multiclass`: a probability for each class found so far, beside null models that look at no input."""

import numpy as np

from streamer.evaluation.answers import AnswerTally
from streamer.evaluation.card import ScoreCard
from streamer.evaluation.classes import UNKNOWN, Classes
from streamer.evaluation.gains import Doubles, gains_in_bits
from streamer.evaluation.logloss import bits_of, clipped
from streamer.evaluation.nulls.markov import LARGEST, Markov
from streamer.evaluation.nulls.null import NullModel
from streamer.evaluation.panel import Panel
from streamer.evaluation.parts import Part, export_parts, load_parts
from streamer.samples import Arrays, Floats

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
        self._score(contexts[labelled], places[labelled])
        return contexts

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Score targets (n,) that came late; one of a class too many counts nothing."""
        places = self._found(ys)
        fit = ~np.isnan(places)
        contexts, places = contexts[fit], places[fit]
        self._panel.label(contexts, places)
        self._score(contexts, places)

    def update(self, predictions: Floats, targets: Floats) -> None:
        """Score samples without their inputs: for a caller that does not know `step` yet."""
        self.step(np.empty((len(targets), 0), np.float32), predictions, targets)

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
        targets = places.astype(np.float64)
        own, *by_null = np.split(contexts.astype(np.float64), self._panel.starts, axis=1)
        given = clipped(np.column_stack([_given_to(part, targets) for part in (own, *by_null)]))
        majority, last_value = _said(by_null[0][:, :-1], targets), by_null[1][:, -1] == targets
        gains = gains_in_bits(given[:, 0], given[:, 1:])
        baselines = {"majority": majority, "last_value": last_value}
        self._tally.update(_said(own, targets), bits_of(given[:, 0]), gains, baselines)

    def _parts(self) -> dict[str, Part]:
        return {"classes": self._classes} | self._tally.parts() | self._panel.parts()


def _given_to(probabilities: Doubles, places: Doubles) -> Doubles:
    """The probability that each row (T, C) gives to a class (T,)."""
    return np.asarray(probabilities[np.arange(len(places)), places.astype(np.int64)])


def _said(probabilities: Doubles, places: Doubles) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Whether the likeliest class of each row (T, C), the first found if there are several, is the target's (T,)."""
    likeliest = np.argmax(probabilities, axis=1)
    return np.asarray((likeliest == places) & (probabilities[np.arange(len(places)), likeliest] > 0))
