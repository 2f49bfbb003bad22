"""A recurrent network as a member."""

from typing import NamedTuple

import numpy as np

from streamer.config.learner import BankName, EngineName, LearnerSettings
from streamer.learning.insight import Insight
from streamer.learning.outcomes.numbers import BaseName
from streamer.learning.recurrent import Build, Recurrent
from streamer.samples import Arrays, Floats, Numbers


class Variant(NamedTuple):
    """In what the networks of a committee differ."""

    step_size: float = 0.01
    bank: BankName = "none"
    previous: bool = False
    """Whether the newest known target is among its inputs."""
    base: BaseName = "auto"
    """What residuals of numbers are of: `mean`, the level; `last`, the difference; `auto`, whichever errs less."""
    optimiser: str = "rmsprop"
    truncation: int = 8
    annealed: bool = False


class RecurrentMember:
    """Says what its network predicts; of numbers the value, without an interval."""

    def __init__(
        self,
        variant: Variant,
        settings: LearnerSettings,
        *,
        width: int,
        seed: int,
        engine: EngineName,
        label_horizon: int,
    ) -> None:
        varied = {name: getattr(variant, name) for name in ("step_size", "optimiser", "truncation")}
        own = settings.model_copy(update=varied | {"horizons": (1,)})
        build = Build(
            own,
            seed,
            engine,
            variant.bank,
            variant.annealed,
            (),
            label_horizon,
            previous=variant.previous,
            base=variant.base,
        )
        self._build = build
        self.network: Recurrent = build.fresh(width)
        self._numbers = settings.task in ("regression", "forecast")
        self.width = settings.classes if settings.objective == "softmax" else 1

    def step_many(self, rows: Floats, ys: Floats) -> Floats:
        """(T, F), (T,) → (T, W)."""
        return self.said(self.network.step(rows, ys))

    def peek(self, row: Floats) -> Floats:
        """(1, F) → (1, W)."""
        return self.said(self.network.peek(row))

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """One after another."""
        for number, y in zip(numbers.tolist(), ys, strict=True):
            if not self.network.late.objection(number):
                self.network.label(number, np.array([y], np.float32))

    def insight(self) -> Insight:
        """What one may see of its network."""
        return self.network.engine.insight()

    def export(self, *, awaited: bool = True) -> Arrays:
        """The network's state, and how wide its features are."""
        return self.network.export(awaited=awaited) | {"width": np.array(self.network.width)}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        own = dict(arrays)
        self.network = self._build.fresh(int(own.pop("width")))
        self.network.load(own)

    def said(self, predictions: Floats) -> Floats:
        """Predictions (T,) or (T, V) → (T, W)."""
        return np.ascontiguousarray(predictions.reshape(len(predictions), -1)[:, : self.width])
