"""What a learner is made of, in the order in which a sample passes through it. Trusts what it is given.

rows ──► encoding: features ──► outcome: targets ──► engine ──► outcome: predictions
                                                       ▲
                                     late: what a label that comes later needs
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from streamer.columns import Schema
from streamer.config.learner import EngineName, LearnerSettings
from streamer.learning.ahead import Ahead, horizons_of
from streamer.learning.compatibility import check_arrays
from streamer.learning.engines.choice import make_engine
from streamer.learning.engines.engine import Engine
from streamer.learning.engines.trail import Trail
from streamer.learning.growth import widened
from streamer.learning.inputs.choice import bank_of, make_encoding, restored_encoding
from streamer.learning.late import Late
from streamer.learning.memory import feature_count
from streamer.learning.network import initialise
from streamer.learning.outcomes.choice import make_outcome
from streamer.learning.snapshot import part
from streamer.samples import Arrays, Floats

_AWAITED = np.ones(1, np.bool_)
_NO_TARGET = np.full(1, np.nan, np.float32)

OWN = ("inputs", "outcome", "late", "ahead")
"""Prefixes of the arrays that are not the engine's."""


class Model:
    """Encoding, outcome, engine, and what is late."""

    def __init__(
        self, settings: LearnerSettings, *, seed: int, engine: EngineName, schema: Schema, label_horizon: int
    ) -> None:
        self._settings, self._seed, self._wanted = settings, seed, engine
        self.encoding = make_encoding(settings, schema)
        self._label_horizon = label_horizon
        self._annealed = self._anneals()
        self._look_ahead(horizons_of(settings, schema))
        self.engine = self._engine_for(self._engine_settings())

    def _look_ahead(self, horizons: tuple[int, ...]) -> None:
        """Make what depends on when targets come."""
        self._horizons = horizons
        self._ahead = Ahead(horizons) if horizons else None
        self.outcome = make_outcome(self._settings, horizons)
        # exact RTRL keeps no window: a late label is then learned from the sample's own step
        rows = 1 if self._settings.gradient == "rtrl" else self._settings.truncation
        self.late = Late(self._ahead.farthest + 1 if self._ahead else self._label_horizon, rows)

    @property
    def samples(self) -> int:
        """Samples stepped over; the number of the next one."""
        return self.engine.counts()["samples"]

    @property
    def schema(self) -> Schema:
        """The columns by name, and the horizons."""
        return Schema(self.encoding.schema(), horizons=self._horizons if self._settings.task == "forecast" else ())

    def step(self, xs: Floats, ys: Floats) -> Floats:
        """(T, I), (T,) → predictions (T,) or (T, W), sample by sample."""
        if not len(xs):
            return np.empty((0, self.outcome.width) if self.outcome.width > 1 else 0, np.float32)
        if not self.engine.widens_exactly and self.encoding.named and len(xs) > 1:
            return np.concatenate([self.step(xs[t : t + 1], ys[t : t + 1]) for t in range(len(xs))])
        features = self.encoding.encode(xs)
        if self._ahead is None:
            return self._step(features, ys)
        series = np.ascontiguousarray(xs[:, 0])
        ones = [self._step_ahead(self._ahead, features[t : t + 1], series[t : t + 1]) for t in range(len(xs))]
        return np.concatenate(ones)

    def peek(self, x: Floats) -> Floats:
        """(1, I) → the prediction (1,) or (1, W); nothing changes."""
        features = self.encoding.peek(x)
        if features is None:  # the network would grow
            return self._copy().step(x, _NO_TARGET)
        prepared = self.outcome.peek(features, _NO_TARGET if self._ahead is None else x[:, 0])
        return self.outcome.show(self.engine.predict(prepared.features[0])[None], prepared.offers)

    def label(self, number: int, ys: Floats) -> None:
        """Learn the targets (M,) of an awaited sample."""
        past = self.late.take(np.array([number]))
        targets = self.outcome.late(past.kept, ys)
        self.engine.relearn(past.hidden, past.windows, past.lengths, targets)

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        own = {"inputs": self.encoding.export(), "outcome": self.outcome.export(), "late": self.late.export()}
        own["ahead"] = self._ahead.export() if self._ahead is not None else {}
        if own["inputs"]:
            own["inputs"]["seed"] = np.array(self._seed)  # of what the network will grow by
        return self.engine.export() | {
            f"{prefix}.{name}": array for prefix, arrays in own.items() for name, array in arrays.items()
        }

    def load(self, arrays: Arrays) -> None:
        """Take over the arrays that `export` gave; IncompatibleError names one that does not fit."""
        inputs, ahead = part(arrays, "inputs"), part(arrays, "ahead")
        self._seed = int(inputs.pop("seed", np.array(self._seed)))
        if ahead:
            self._look_ahead(tuple(ahead["horizons"].tolist()))
        self.encoding = restored_encoding(self._settings, inputs)
        self._annealed = "schedule.state" in arrays
        self.engine = self._engine_for(self._engine_settings())
        theirs = {name: array for name, array in arrays.items() if name.split(".")[0] not in OWN}
        check_arrays(theirs, self.engine.export(), self._settings.truncation)
        self.engine.load(theirs)
        self.outcome.load(part(arrays, "outcome"))
        self.late.load(part(arrays, "late"))
        if self._ahead is not None:
            self._ahead.load(ahead)

    def facts(self) -> dict[str, Any]:
        """What there is to say of inputs and outcome, for people."""
        return {"columns": self.encoding.describe(), "classes": list(self.outcome.classes)}

    def _step(self, features: Floats, ys: Floats) -> Floats:
        awaited = np.isnan(ys)
        if self.late.active or not awaited.any():
            return self._advance(features, ys, awaited)
        first = int(np.argmax(awaited))  # what is awaited, and not how blocks are cut, decides from where rows are kept
        before = self._advance(features[:first], ys[:first], awaited[:first]) if first else None
        self.late.begin(self.samples, self.engine.export().get("window.inputs"))
        after = self._advance(features[first:], ys[first:], awaited[first:])
        return after if before is None else np.concatenate([before, after])

    def _step_ahead(self, ahead: Ahead, features: Floats, series: Floats) -> Floats:
        """Predict from the value of now, then learn the sample that it is the last target of."""
        if not self.late.active:
            self.late.begin(self.samples, self.engine.export().get("window.inputs"))
        prediction = self._advance(features, series, _AWAITED)
        targets = ahead.take(float(series[0]))
        if targets is not None and not np.isnan(targets).all():
            self.label(self.samples - 1 - ahead.farthest, targets)
        return prediction

    def _advance(self, features: Floats, ys: Floats, awaited: npt.NDArray[np.bool_]) -> Floats:
        prepared = self.outcome.prepare(features, ys)
        self._grow(prepared.features.shape[1])
        trail = Trail.blank(self._engine_of, len(ys)) if self.late.active or awaited.any() else None
        outputs = self.engine.step_many(prepared.features, prepared.targets, trail)
        predictions, kept = self.outcome.conclude(outputs, ys, prepared.offers)
        if trail is not None:
            self.late.keep(trail, kept, awaited)
        return predictions

    def _grow(self, width: int) -> None:
        """Make the network as wide as the features have become."""
        if self._engine_of.inputs != width:
            before, after = self._engine_of, self._engine_settings()
            arrays = self.engine.export()
            self.engine = self._engine_for(after)
            self.engine.load(widened(arrays, before, after, self._seed))
            self.late.widen(before, after)

    def _engine_settings(self) -> LearnerSettings:
        inputs = self.encoding.width + self.outcome.extra
        return self._settings.model_copy(
            update={
                "inputs": inputs,
                "memory": bank_of(self._settings, self.encoding),
                "horizons": self._horizons or self._settings.horizons,
                "schedule": self._schedule(),
            }
        )

    def _anneals(self) -> bool:
        """Whether a stream that begins does, if it is left to us: rows of a table and numbers, standardised.

        Bits and symbols, in which there is little noise to average out, keep the full step.
        """
        table = self.encoding.named and self._settings.task != "next"
        return self._settings.scaling == "standard" and (table or self._settings.task in ("regression", "forecast"))

    def _schedule(self) -> str:
        if self._settings.schedule != "auto":
            return self._settings.schedule
        return "annealed" if self._annealed else "constant"

    def _engine_for(self, settings: LearnerSettings) -> Engine:
        self._engine_of = settings
        parameters = initialise(feature_count(settings), settings.hidden, self._seed, settings.outputs)
        return make_engine(self._wanted, settings, parameters)

    def _copy(self) -> "Model":
        copy = Model(
            self._settings,
            seed=self._seed,
            engine=self._wanted,
            schema=Schema((), horizons=self._horizons),
            label_horizon=self._label_horizon,
        )
        copy.load(self.export())
        return copy
