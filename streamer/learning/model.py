"""What a learner is made of, in the order in which a sample passes through it. Trusts what it is given.

rows ──► encoding: features ──► network: predictions
"""

from dataclasses import replace
from typing import Any

import numpy as np

from streamer.columns import Schema
from streamer.config.learner import EngineName, LearnerSettings
from streamer.learning.ahead import horizons_of
from streamer.learning.inputs.choice import anneals, bank_of, make_encoding, restored_encoding
from streamer.learning.recurrent import NO_TARGET, Build
from streamer.learning.snapshot import part
from streamer.samples import Arrays, Floats


class Model:
    """Encoding and network."""

    def __init__(
        self, settings: LearnerSettings, *, seed: int, engine: EngineName, schema: Schema, label_horizon: int
    ) -> None:
        self._settings = settings
        self.encoding = make_encoding(settings, schema)
        self._build = Build(
            settings,
            seed,
            engine,
            bank_of(settings, self.encoding),
            anneals(settings, self.encoding),
            horizons_of(settings, schema),
            label_horizon,
        )
        self.network = self._build.fresh(self.encoding.width)

    @property
    def samples(self) -> int:
        """Samples stepped over; the number of the next one."""
        return self.network.samples

    @property
    def schema(self) -> Schema:
        """The columns by name, and the horizons."""
        return Schema(
            self.encoding.schema(), horizons=self._build.horizons if self._settings.task == "forecast" else ()
        )

    def step(self, xs: Floats, ys: Floats) -> Floats:
        """(T, I), (T,) → predictions (T,) or (T, W), sample by sample."""
        if not self.network.engine.widens_exactly and self.encoding.named and len(xs) > 1:
            return np.concatenate([self.step(xs[t : t + 1], ys[t : t + 1]) for t in range(len(xs))])
        return self.network.step(self.encoding.encode(xs), self._values(xs, ys)) if len(xs) else self._nothing()

    def peek(self, x: Floats) -> Floats:
        """(1, I) → the prediction (1,) or (1, W); nothing changes."""
        features = self.encoding.peek(x)
        if features is None:  # a feature that is new is to be remembered
            return self._copy().step(x, NO_TARGET)
        return self.network.peek(features, self._values(x, NO_TARGET))

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        inputs = self.encoding.export()
        if inputs:
            inputs["seed"] = np.array(self._build.seed)  # of what the network will grow by
        return self.network.export() | {f"inputs.{name}": array for name, array in inputs.items()}

    def load(self, arrays: Arrays) -> None:
        """Take over the arrays that `export` gave; IncompatibleError names one that does not fit."""
        inputs = part(arrays, "inputs")
        seed = int(inputs.pop("seed", np.array(self._build.seed)))
        self.encoding = restored_encoding(self._settings, inputs)
        self._build = replace(
            self._build,
            seed=seed,
            bank=bank_of(self._settings, self.encoding),
            annealed="schedule.state" in arrays,
            horizons=tuple(arrays["ahead.horizons"].tolist()) if "ahead.horizons" in arrays else self._build.horizons,
        )
        self.network = self._build.fresh(self.encoding.width)
        self.network.load({name: array for name, array in arrays.items() if not name.startswith("inputs.")})

    def facts(self) -> dict[str, Any]:
        """What there is to say of inputs and outcome, for people."""
        return {"columns": self.encoding.describe(), "classes": list(self.network.outcome.classes)}

    def _values(self, xs: Floats, ys: Floats) -> Floats:
        """Targets; or where they are steps ahead, the series that they are of."""
        return np.ascontiguousarray(xs[:, 0]) if self._build.horizons else ys

    def _nothing(self) -> Floats:
        width = self.network.outcome.width
        return np.empty((0, width) if width > 1 else 0, np.float32)

    def _copy(self) -> "Model":
        build = self._build
        copy = Model(
            self._settings,
            seed=build.seed,
            engine=build.engine,
            schema=Schema((), horizons=build.horizons),
            label_horizon=build.label_horizon,
        )
        copy.load(self.export())
        return copy
