"""Scores of `forecast`: predictions of the target some steps ahead wait here for it, each with those of null models."""

import numpy as np

from streamer.evaluation.card import ScoreCard
from streamer.evaluation.errors import ErrorTally
from streamer.evaluation.gains import SHARE
from streamer.evaluation.nulls.forecast import TappedForecast
from streamer.evaluation.nulls.null import NullModel, contexts_of
from streamer.evaluation.parts import Part, export_parts, load_parts
from streamer.evaluation.regression import LEVELS, NULLS
from streamer.evaluation.skill import Skill
from streamer.samples import Arrays, Floats

OWN = 3
"""Value, lower, upper."""
WIDTH = OWN + len(NULLS)


class ForecastScores:
    """Takes in predictions (T, 3 n) for n horizons: those of step t for horizon h are of the target of step t + h.

    The skill is that of the nearest horizon.

    >>> scores = ForecastScores(horizons=(1,), window=10)
    >>> predictions = np.array([[2, 1, 3], [4, 3, 5]], np.float32)
    >>> _ = scores.step(np.zeros((2, 1), np.float32), predictions, np.array([9, 2.5], np.float32))
    >>> scores.card().errors[1].absolute
    0.5
    """

    def __init__(self, *, horizons: tuple[int, ...], window: int) -> None:
        self._horizons, self._nearest = horizons, min(horizons)
        self._levels: dict[str, NullModel] = {name: kind() for name, kind in LEVELS.items()}
        self._tapped = TappedForecast(horizons)
        self._tallies = {horizon: ErrorTally(NULLS, window=window) for horizon in horizons}
        self._skill = Skill(NULLS, rules=tuple(LEVELS), unit="share", largest=SHARE, ahead=min(horizons))
        self._pending: Floats = np.full((max(horizons), len(horizons), WIDTH), np.nan, np.float32)
        """Predictions of the last steps, oldest first, with those of the null models; NaN before the first."""

    def step(self, xs: Floats, predictions: Floats, ys: Floats) -> Floats:
        """Score what was predicted for these samples, and keep what is predicted now.

        Contexts (T, Q): all predictions of the sample's own target, which may come late.
        """
        ys = np.ascontiguousarray(ys)
        made = np.concatenate([self._pending, self._made(xs, predictions, ys)])
        back = len(self._pending)
        paired = [made[back - h : len(made) - h, k] for k, h in enumerate(self._horizons)]
        contexts = np.concatenate(paired, axis=1)
        labelled = ~np.isnan(ys)
        self._score(contexts[labelled], ys[labelled])
        self._pending = made[-back:].copy()
        return contexts

    def label(self, contexts: Floats, ys: Floats) -> None:
        """Score against targets (n,) that came late."""
        for model in self._levels.values():
            model.label(contexts, 0, np.ascontiguousarray(ys))
        self._score(contexts, ys)

    def counts(self) -> tuple[int, int]:
        """Predictions of the nearest horizon scored so far; none of them is right or wrong."""
        return self._tallies[self._nearest].count, 0

    def card(self) -> ScoreCard:
        """The scores now."""
        errors = {horizon: tally.card() for horizon, tally in sorted(self._tallies.items())}
        nearest = self._tallies[self._nearest]
        return ScoreCard("forecast", nearest.count, nearest.in_window, self._skill.card(), errors=errors)

    def export(self) -> Arrays:
        """The whole state as arrays."""
        return {**export_parts(self._parts()), "pending": self._pending}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        load_parts(self._parts(), arrays)
        self._pending = arrays["pending"].astype(np.float32)

    def _made(self, xs: Floats, predictions: Floats, ys: Floats) -> Floats:
        """(T, n, 3 + m): what each sample's predictors say of the targets ahead, its own target being known."""
        rows, n = len(ys), len(self._horizons)
        levels = [np.repeat(_after(model, xs, ys), n, axis=1) for model in self._levels.values()]
        tapped = contexts_of(self._tapped, xs, ys)
        return np.concatenate([predictions.reshape(rows, n, OWN), np.stack([*levels, tapped], axis=2)], axis=2)

    def _score(self, contexts: Floats, ys: Floats) -> None:
        paired = contexts.astype(np.float64).reshape(len(ys), len(self._horizons), WIDTH)
        for k, horizon in enumerate(self._horizons):
            fit = ~np.isnan(paired[:, k, 0])
            rows = paired[fit, k]
            gains = self._tallies[horizon].update(rows[:, :OWN], rows[:, OWN:], ys[fit].astype(np.float64))
            if horizon == self._nearest:
                self._skill.update(gains)

    def _parts(self) -> dict[str, Part]:
        tallies = {
            f"{name}_{horizon}": part
            for horizon, tally in self._tallies.items()
            for name, part in tally.parts().items()
        }
        nulls: dict[str, Part] = {f"null_{name}": model for name, model in self._levels.items()}
        return {"skill": self._skill, **tallies, **nulls, "null_tapped": self._tapped}


def _after(model: NullModel, xs: Floats, ys: Floats) -> Floats:
    """What a model says (T, 1) once each target is known: what it says before the next one."""
    said = contexts_of(model, xs, ys)
    last = contexts_of(model, np.empty((1, 0), np.float32), np.full(1, np.nan, np.float32))
    return np.concatenate([said, last])[1:]
