"""A recurrent network that learns from features: outcome → engine → outcome, and what a late label needs.

It grows with its features, and knows nothing of the rows that they were made from. Trusts what it is given.
"""

from dataclasses import dataclass
from typing import NamedTuple

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
from streamer.learning.outcomes.numbers import BaseName
from streamer.learning.outcomes.outcome import Prepared
from streamer.learning.snapshot import part
from streamer.samples import Arrays, Floats, Numbers

_AWAITED = np.ones(1, np.bool_)
NO_TARGET = np.full(1, np.nan, np.float32)

Flags = npt.NDArray[np.bool_]

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
    previous: bool = False
    """Whether the newest known target is among its inputs."""
    base: BaseName = "auto"
    """What residuals of numbers are of."""

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


class Begun(NamedTuple):
    """A step of which the engine's part is to be done."""

    prepared: Prepared
    trail: Trail | None
    ys: Floats
    awaited: Flags


class Recalled(NamedTuple):
    """A step that is made once more, for its label: as `Engine.relearn` takes it."""

    hidden: Floats
    windows: Floats
    lengths: Numbers
    ys: Floats


def cuts(awaited: Flags, *, active: bool) -> list[slice]:
    """The parts of a block that a network steps over at once: from the first sample that is awaited on, rows are kept.

    What is awaited decides that, and not how blocks are cut.

    >>> cuts(np.array([False, True, False]), active=False)
    [slice(0, 1, None), slice(1, 3, None)]
    """
    first = int(np.argmax(awaited))
    if active or not awaited.any() or first == 0:
        return [slice(0, len(awaited))]
    return [slice(0, first), slice(first, len(awaited))]


class Recurrent:
    """Features (T, F) and targets → predictions, sample by sample."""

    def __init__(self, build: Build, width: int) -> None:
        self._build = build
        self._ahead = Ahead(build.horizons) if build.horizons else None
        self.outcome = make_outcome(build.settings, build.horizons, previous=build.previous, base=build.base)
        self.late = build.late()
        self.engine = self._engine_for(width + self.outcome.extra)

    @property
    def samples(self) -> int:
        """Samples stepped over; the number of the next one."""
        return self.engine.counts()["samples"]

    @property
    def width(self) -> int:
        """F, the features that it is made for by now."""
        return self._engine_of.inputs - self.outcome.extra

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
        if features.shape[1] != self.width:  # the network would grow
            return self._copy().step(features, ys)
        prepared = self.foresee(features, ys)
        return self.outcome.show(self.engine.predict(prepared.features[0])[None], prepared.offers)

    def foresee(self, features: Floats, ys: Floats = NO_TARGET) -> Prepared:
        """What the engine would be asked for a prediction after these features (1, F); nothing changes."""
        return self.outcome.peek(features, ys)

    def label(self, number: int, ys: Floats) -> None:
        """Learn the targets (M,) of an awaited sample."""
        self.engine.relearn(*self.recall(number, ys))

    def recall(self, number: int, ys: Floats) -> Recalled:
        """What the engine is to learn from the targets (M,) of a sample, which is awaited no longer."""
        past = self.late.take(np.array([number]))
        return Recalled(past.hidden, past.windows, past.lengths, self.outcome.late(past.kept, ys))

    def export(self, *, awaited: bool = True) -> Arrays:
        """The whole state as named arrays (copies); not `awaited`: but for what late labels need."""
        own = {"outcome": self.outcome.export(), "late": self.late.export() if awaited else {}}
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

    def begin(self, features: Floats, ys: Floats, awaited: Flags) -> Begun:
        """The first half of a step: what the engine is to step over. What is awaited is so from its first sample on."""
        prepared = self.outcome.prepare(features, ys)
        self._grow(prepared.features.shape[1])
        if awaited.any() and not self.late.active:
            self.late.begin(self.samples, self.engine.export().get("window.inputs"))
        trail = Trail.blank(self._engine_of, len(ys)) if self.late.active or awaited.any() else None
        return Begun(prepared, trail, ys, awaited)

    def end(self, begun: Begun, outputs: Floats) -> Floats:
        """The second half: outputs (T, O) → predictions (T,) or (T, W)."""
        predictions, kept = self.outcome.conclude(outputs, begun.ys, begun.prepared.offers)
        if begun.trail is not None:
            self.late.keep(begun.trail, kept, begun.awaited)
        return predictions

    def _step(self, features: Floats, ys: Floats) -> Floats:
        awaited = np.isnan(ys)
        parts = cuts(awaited, active=self.late.active)
        return np.concatenate([self._advance(features[part], ys[part], awaited[part]) for part in parts])

    def _step_ahead(self, ahead: Ahead, features: Floats, series: Floats) -> Floats:
        """Predict from the value of now, then learn the sample that it is the last target of."""
        prediction = self._advance(features, series, _AWAITED)
        targets = ahead.take(float(series[0]))
        if targets is not None and not np.isnan(targets).all():
            self.label(self.samples - 1 - ahead.farthest, targets)
        return prediction

    def _advance(self, features: Floats, ys: Floats, awaited: Flags) -> Floats:
        begun = self.begin(features, ys, awaited)
        return self.end(begun, self.engine.step_many(begun.prepared.features, begun.prepared.targets, begun.trail))

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
        copy = self._build.fresh(self.width)
        copy.load(self.export())
        return copy
