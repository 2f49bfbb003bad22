"""Scores of `binary`: probabilities of 1, beside four null models and two rules."""

import math

import numpy as np

from streamer.evaluation.answers import AnswerTally
from streamer.evaluation.baselines import Baseline, LastValue, MajorityClass
from streamer.evaluation.card import ScoreCard
from streamer.evaluation.gains import Doubles
from streamer.evaluation.nulls.logistic import TappedLogistic
from streamer.evaluation.nulls.markov import Markov
from streamer.evaluation.nulls.null import NullModel
from streamer.evaluation.panel import Panel
from streamer.evaluation.parts import Part, export_parts, load_parts
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats, Numbers

RULES = ("majority", "last_value", "markov")
NULLS = (*RULES, "tapped")
OF_ONE = np.array([1, 1, 1, 0])
"""Where in each null model's context the probability of 1 is."""


class BinaryScores:
    """Takes in predictions (T,) with their targets; NaN is no label, and is not scored.

    >>> scores = BinaryScores(window=10, fading=0.9)
    >>> ys = np.array([1, 0, np.nan], np.float32)
    >>> contexts = scores.step(np.zeros((3, 1), np.float32), np.array([0.9, 0.2, 0.7], np.float32), ys)
    >>> scores.label(contexts[2:], np.ones(1, np.float32))
    >>> scores.counts()
    (3, 3)
    """

    def __init__(self, *, window: int, fading: float) -> None:
        models: dict[str, NullModel] = {
            name: Markov(order=order, classes=2, found=2) for order, name in enumerate(RULES)
        }
        self._panel = Panel(models | {"tapped": TappedLogistic()}, width=1)
        self._baselines: dict[str, Baseline] = {"majority": MajorityClass(), "last_value": LastValue()}
        self._tally = AnswerTally(NULLS, rules=RULES, window=window, fading=fading)
        self._begun = False
        """Whether the null models have seen a sample: until then they have no part in the state."""

    def step(self, xs: Floats, predictions: Floats, ys: Floats) -> Floats:
        """Score the next samples (T, I); their contexts (T, Q), for the labels that are still to come."""
        targets = _ones(ys)
        self._begun |= len(ys) > 0
        contexts = self._panel.step_many(predictions, xs, targets)
        labelled = ~np.isnan(targets)
        self._score(contexts, targets) if labelled.all() else self._score(contexts[labelled], targets[labelled])
        return contexts

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Score targets (n,) that came late."""
        targets = _ones(ys)
        self._panel.label(contexts, targets)
        self._score(contexts, targets)

    def counts(self) -> tuple[int, int]:
        """Scored predictions so far, and how many of them were right."""
        return self._tally.counts()

    def card(self) -> ScoreCard:
        """The scores now."""
        count, _ = self._tally.counts()
        return ScoreCard("binary", count, self._tally.in_window, self._tally.skill.card(), self._tally.card())

    def export(self) -> Arrays:
        """The whole state as arrays."""
        later = self._later()
        return export_parts({name: part for name, part in self._parts().items() if self._begun or name not in later})

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`; null models that it says nothing of begin now."""
        self._begun = any(name.startswith("skill.") for name in arrays)
        load_parts(self._parts(), arrays, may_lack=() if self._begun else self._later())

    def _score(self, contexts: Floats, targets: Floats) -> None:
        bits, gains = np.empty(len(targets)), np.empty((len(targets), len(NULLS)))
        _match(contexts, self._panel.starts + OF_ONE, targets, bits, gains)
        classes = targets > 0
        right = {name: baseline.step_many(targets) == classes for name, baseline in self._baselines.items()}
        self._tally.update((contexts[:, 0] > 0.5) == classes, bits, gains, right)

    def _later(self) -> set[str]:
        """Parts that checkpoints did not have at first."""
        return {"skill", *self._panel.parts()}

    def _parts(self) -> dict[str, Part]:
        baselines: dict[str, Part] = {f"baseline_{name}": baseline for name, baseline in self._baselines.items()}
        return self._tally.parts() | baselines | self._panel.parts()


def _ones(ys: Floats) -> Floats:
    """What is above 0 is 1, what is not is 0; NaN stays."""
    return np.minimum(np.maximum(np.ceil(ys), 0), 1)


@block_kernel("float32[:,::1], int64[::1], float32[::1], float64[::1], float64[:,::1]")
def _match(contexts: Floats, columns: Numbers, targets: Floats, bits: Doubles, gains: Doubles) -> None:
    """The log losses of the first column's probabilities of 1, and its gains over these columns (see `gains`)."""
    smallest = 2.0**-24
    mixed = 2.0**-6
    for t in range(len(targets)):
        own = np.float64(contexts[t, 0])
        p = min(max(own if targets[t] > 0.0 else 1.0 - own, smallest), 1.0 - smallest)
        bits[t] = -math.log2(p)
        for k in range(len(columns)):
            other = np.float64(contexts[t, columns[k]])
            q = min(max(other if targets[t] > 0.0 else 1.0 - other, smallest), 1.0 - smallest)
            gains[t, k] = math.log2((p + mixed * (q - p)) / (q + mixed * (p - q)))
