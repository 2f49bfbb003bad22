"""What predictions cost, sample by sample: right or wrong and log loss in nats, or absolute error.

Every sample with a label counts, the first one too. Only the log loss leaves out those whose class comes for the first
time: nobody can have given it a probability.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from streamer.evaluation.logloss import log_loss
from streamer.samples import Floats

Kind = Literal["binary", "multiclass", "regression"]
Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The targets of a stream (T,), as they are scored.

    >>> answers = answers_of("multiclass", np.array([7, 3, 7, np.nan], np.float32))
    >>> answers.places.tolist(), answers.foreseeable.tolist()
    ([0.0, 1.0, 0.0, nan], [False, False, True, False])
    """

    kind: Kind
    places: Floats
    """0 and 1; the places of classes in the order found; or numbers as they are. NaN is no label."""
    labelled: Flags
    foreseeable: Flags
    """Those whose log loss counts."""

    def points(self, said: Floats, first: int = 0) -> Doubles:
        """Of predictions (n, W) from sample `first` on: 1 for right and 0 for wrong, or the error; 0 without a label.

        NaN for a prediction that is none.

        >>> answers_of("regression", np.array([3, np.nan], np.float32)).points(np.zeros((2, 1), np.float32)).tolist()
        [3.0, 0.0]
        """
        at = slice(first, first + len(said))
        places, labelled = self.places[at], self.labelled[at]
        if self.kind == "regression":
            costs = np.abs(said[:, 0].astype(np.float64) - places)
        elif self.kind == "binary":
            costs = ((said[:, 0] > 0.5) == (places > 0.5)).astype(np.float64)
        else:
            costs = ((said.argmax(axis=1) == places) & (said.max(axis=1) > 0)).astype(np.float64)
        costs[np.isnan(said).any(axis=1)] = np.nan  # who says nothing is not right by chance
        return np.where(labelled, costs, 0.0)

    def losses(self, said: Floats, first: int = 0) -> Doubles:
        """Of predictions (n, W) from sample `first` on: log loss in nats, or absolute error; 0 where it counts not.

        >>> answers_of("binary", np.ones(1, np.float32)).losses(np.full((1, 1), 0.5, np.float32)).round(3).tolist()
        [0.693]
        """
        if self.kind == "regression":
            return self.points(said, first)
        at = slice(first, first + len(said))
        places, counted = self.places[at], self.foreseeable[at]
        chances = said[:, 0]
        if self.kind == "multiclass":
            columns = np.where(counted, places, 0).astype(np.int64)
            chances, places = said[np.arange(len(said)), columns], np.ones_like(places)
        return np.where(counted, math.log(2) * log_loss(chances, places), 0.0)

    def score(self, points: Doubles) -> float:
        """Accuracy in per cent, or mean absolute error."""
        return float(points[self.labelled].mean()) * (1 if self.kind == "regression" else 100)

    def log_loss(self, losses: Doubles) -> float | None:
        """Nats a sample; None of numbers, and where each class came once at most."""
        counted = self.kind != "regression" and self.foreseeable.any()
        return float(losses[self.foreseeable].mean()) if counted else None


def answers_of(kind: Kind, ys: Floats) -> Answers:
    """What there is to be right about. ys (T,) has at least one label."""
    labelled = ~np.isnan(ys)
    if kind != "multiclass":
        return Answers(kind, ys, labelled, labelled)
    values, firsts, places = np.unique(ys[labelled], return_index=True, return_inverse=True)
    order = np.empty(len(values), np.float32)
    order[np.argsort(firsts)] = np.arange(len(values))
    found = np.full(len(ys), np.nan, np.float32)
    found[labelled] = order[places]
    foreseeable = labelled.copy()
    foreseeable[np.flatnonzero(labelled)[firsts]] = False
    return Answers(kind, found, labelled, foreseeable)
