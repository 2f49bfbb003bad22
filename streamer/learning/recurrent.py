"""A recurrent network that learns from features: outcome → engine → outcome, and what a late label needs.

It grows with its features, and knows nothing of the rows that they were made from. Trusts what it is given.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from streamer.config.learner import BankName, EngineName, LearnerSettings
from streamer.learning.ahead import Ahead
from streamer.learning.compatibility import check_arrays
from streamer.learning.engines.choice import make_engine
from streamer.learning.engines.engine import Engine
from streamer.learning.engines.trail import Trail
from streamer.learning.growth import widened
from streamer.learning.late import Late
from streamer.learning.memory import feature_count
from streamer.learning.network import initialise
from streamer.learning.outcomes.choice import make_outcome
from streamer.learning.snapshot import part
from streamer.samples import Arrays, Floats

_AWAITED = np.ones(1, np.bool_)
NO_TARGET = np.full(1, np.nan, np.float32)

OWN = ("outcome", "late", "ahead")
"""Prefixes of the arrays that are not the engine's."""


@dataclass(frozen=True)
class Build:
    """What a network is made from."""

    settings: LearnerSettings
    seed: int
    engine: EngineName
    bank: BankName
    """The memory in front of it."""
    annealed: bool
    """Whether its step size is, if the settings leave it to the stream."""
    horizons: tuple[int, ...]
    """Steps ahead of each target; none if targets come with their samples."""
    label_horizon: int
    """Samples within which a label may come."""

    def engine_settings(self, inputs: int) -> LearnerSettings:
        """The settings of an engine for so many inputs."""
        schedule = "annealed" if self.annealed else "constant"
        return self.settings.model_copy(
            update={
                "inputs": inputs,
                "memory": self.bank,
                "horizons": self.horizons or self.settings.horizons,
                "schedule": schedule if self.settings.schedule == "auto" else self.settings.schedule,
            }
        )

    def late(self) -> Late:
        """Nothing is awaited yet. Exact RTRL keeps no window: a late label is learned from the sample's own step."""
        rows = 1 if self.settings.gradient == "rtrl" else self.settings.truncation
        return Late(max(self.horizons) + 1 if self.horizons else self.label_horizon, rows)

    def fresh(self, width: int) -> "Recurrent":
        """A network for features of this width."""
        return Recurrent(self, width)


class Recurrent:
    """Features (T, F) and targets → predictions, sample by sample."""

    def __init__(self, build: Build, width: int) -> None:
        self._build = build
        self._ahead = Ahead(build.horizons) if build.horizons else None
        self.outcome = make_outcome(build.settings, build.horizons)
        self.late = build.late()
        self.engine = self._engine_for(width + self.outcome.extra)

    @property
    def samples(self) -> int:
        """Samples stepped over; the number of the next one."""
        return self.engine.counts()["samples"]

    def step(self, features: Floats, ys: Floats) -> Floats:
        """(T, F), (T,) → predictions (T,) or (T, W), sample by sample.

        Where targets are steps ahead, `ys` are the values of now.
        """
        if not len(ys):
            return np.empty((0, self.outcome.width) if self.outcome.width > 1 else 0, np.float32)
        if self._ahead is None:
            return self._step(features, ys)
        ones = [self._step_ahead(self._ahead, features[t : t + 1], ys[t : t + 1]) for t in range(len(ys))]
        return np.concatenate(ones)

    def peek(self, features: Floats, ys: Floats = NO_TARGET) -> Floats:
        """(1, F) → the prediction (1,) or (1, W); nothing changes. `ys` is the value of now, if targets are ahead."""
        if features.shape[1] + self.outcome.extra != self._engine_of.inputs:  # the network would grow
            return self._copy().step(features, ys)
        prepared = self.outcome.peek(features, ys)
        return self.outcome.show(self.engine.predict(prepared.features[0])[None], prepared.offers)

    def label(self, number: int, ys: Floats) -> None:
        """Learn the targets (M,) of an awaited sample."""
        past = self.late.take(np.array([number]))
        targets = self.outcome.late(past.kept, ys)
        self.engine.relearn(past.hidden, past.windows, past.lengths, targets)

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        own = {"outcome": self.outcome.export(), "late": self.late.export()}
        own["ahead"] = self._ahead.export() if self._ahead is not None else {}
        return self.engine.export() | {
            f"{prefix}.{name}": array for prefix, arrays in own.items() for name, array in arrays.items()
        }

    def load(self, arrays: Arrays) -> None:
        """Take over the arrays that `export` gave; IncompatibleError names one that does not fit."""
        theirs = {name: array for name, array in arrays.items() if name.split(".")[0] not in OWN}
        check_arrays(theirs, self.engine.export(), self._build.settings.truncation)
        self.engine.load(theirs)
        self.outcome.load(part(arrays, "outcome"))
        self.late.load(part(arrays, "late"))
        if self._ahead is not None:
            self._ahead.load(part(arrays, "ahead"))

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

    def _grow(self, inputs: int) -> None:
        """Make the network as wide as the features have become."""
        if self._engine_of.inputs != inputs:
            before, arrays = self._engine_of, self.engine.export()
            self.engine = self._engine_for(inputs)
            self.engine.load(widened(arrays, before, self._engine_of, self._build.seed))
            self.late.widen(before, self._engine_of)

    def _engine_for(self, inputs: int) -> Engine:
        self._engine_of = settings = self._build.engine_settings(inputs)
        parameters = initialise(feature_count(settings), settings.hidden, self._build.seed, settings.outputs)
        return make_engine(self._build.engine, settings, parameters)

    def _copy(self) -> "Recurrent":
        copy = Recurrent(self._build, self._engine_of.inputs - self.outcome.extra)
        copy.load(self.export())
        return copy
