"""What a committee is made of, in the order in which a sample passes through it. Trusts what it is given.

rows ──► encoding: features ──► a body for each horizon: predictions

Features grow with what a block shows. So that it does not matter where a block ends, none goes beyond the end of a
term, when the states of members are kept.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from streamer.columns import Schema
from streamer.config.committee import CommitteeSettings
from streamer.errors import IncompatibleError
from streamer.learning.ahead import horizons_of
from streamer.learning.committee.lineup import Lineup
from streamer.learning.committee.recurrent import RecurrentMember
from streamer.learning.committee.roles import Making
from streamer.learning.committee.sidelines import terms
from streamer.learning.committee.timing import Later, Next, Prompt, Timing
from streamer.learning.compatibility import check_forms
from streamer.learning.inputs.choice import make_encoding, restored_encoding
from streamer.learning.insight import Insight
from streamer.learning.outcomes.choice import make_outcome
from streamer.learning.outcomes.classes import ClassOutcome
from streamer.learning.snapshot import part
from streamer.learning.standing import Standings
from streamer.samples import Arrays, Floats, Numbers

_NO_TARGET = np.full(1, np.nan, np.float32)


class Assembly:
    """Encoding, classes, bodies."""

    def __init__(self, settings: CommitteeSettings, making: Making, schema: Schema) -> None:
        self._settings, self._learner, self._making = settings, settings.learner(), making
        self._ahead = settings.task in ("forecast", "next")
        self.encoding = make_encoding(self._learner, schema)
        self.outcome = make_outcome(self._learner, ())
        self._begin(horizons_of(self._learner, schema) or settings.horizons)

    @property
    def schema(self) -> Schema:
        """The columns by name, and the horizons."""
        return Schema(self.encoding.schema(), horizons=self._horizons if self._settings.task == "forecast" else ())

    @property
    def members(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self._nearest.body.members)

    @property
    def engine(self) -> str:
        """The engine of the networks."""
        networks = self._networks()
        return networks[0].network.engine.name if networks else "none"

    def step(self, xs: Floats, ys: Floats) -> Floats:
        """(T, I), (T,) → predictions (T, W), sample by sample."""
        lags = tuple(timing.lag for timing in self._timings)
        parts = [self._step(xs[part], ys[part]) for part in self._parts(len(xs), lags)]
        return np.concatenate([np.empty((0, self.width), np.float32), *parts])

    def peek(self, x: Floats) -> Floats:
        """(1, I) → the prediction (1, W); nothing changes."""
        row = self.encoding.peek(x)
        told = [None if row is None else timing.peek(row) for timing in self._timings]
        known = [one for one in told if one is not None]
        # something new is to be remembered, or something learned, before it can be told
        return np.concatenate(known, axis=1) if len(known) == len(told) else self._copy().step(x, _NO_TARGET)

    def objection(self, number: int) -> str:
        """Why a sample cannot be labelled now; empty if it can."""
        return self._nearest.objection(number)

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """Labels (n,), one after another; those of samples that are not awaited are left out."""
        there = [at for at, number in enumerate(numbers.tolist()) if ys[at] == ys[at] and not self.objection(number)]
        first = np.sort(np.unique(numbers[there], return_index=True)[1])
        known = np.array(there, np.int64)[first]
        self._nearest.body.label_many(numbers[known], self._targets(ys[known]))

    def relieve(self, microseconds: float, *, waiting: bool) -> None:
        """As `Predictor.relieve`: each horizon has its part of what a sample costs."""
        for timing in self._timings:
            timing.body.relieve(microseconds / len(self._timings), waiting=waiting)

    def standings(self) -> Standings:
        """Of the nearest horizon."""
        return self._nearest.body.standings()

    def overhear(self, listener: Callable[[Floats], None]) -> None:
        """Tell the listener what the members of the nearest horizon say of each block."""
        self._nearest.body.listener = listener

    def insight(self) -> Insight | None:
        """Of the network that does best."""
        losses = {member.name: member.loss for member in self.standings().members}
        members = self._nearest.body.members
        networks = {name: member for name, member in members.items() if isinstance(member, RecurrentMember)}
        best = min(networks, key=lambda name: (np.nan_to_num(losses[name], nan=np.inf), name), default=None)
        return None if best is None else networks[best].insight()

    def counters(self) -> dict[str, int]:
        """Samples, and skipped updates of all networks."""
        skipped = sum(member.network.engine.counts()["skipped_updates"] for member in self._networks())
        return {"samples": self.samples, "skipped_updates": skipped}

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        parts = {"inputs": self.encoding.export(), "outcome": self.outcome.export()}
        parts |= {f"horizon{at}": timing.export() for at, timing in enumerate(self._timings)}
        arrays = {f"{prefix}.{name}": array for prefix, own in parts.items() for name, array in own.items()}
        return arrays | {
            "counts.samples": np.array(self.samples),
            "seed": np.array(self._making.seed),
            "horizons": np.array(self._horizons),
        }

    def load(self, arrays: Arrays) -> None:
        """Take over the arrays that `export` gave; IncompatibleError says which is missing."""
        try:
            self._load(arrays)
        except (KeyError, ValueError, IndexError, TypeError) as error:
            raise IncompatibleError(
                "the snapshot is not of such a committee", got=f"{type(error).__name__}: {error}"
            ) from None
        check_forms(arrays, self.export())

    def _load(self, arrays: Arrays) -> None:
        self._making = replace(self._making, seed=int(arrays["seed"]))
        self.encoding = restored_encoding(self._learner, part(arrays, "inputs"))
        self.outcome.load(part(arrays, "outcome"))
        self._begin(tuple(arrays["horizons"].tolist()))
        self.samples = int(arrays["counts.samples"])
        for at, timing in enumerate(self._timings):
            timing.load(part(arrays, f"horizon{at}"))

    def _parts(self, count: int, lags: tuple[int, ...]) -> Iterator[slice]:
        grows = self.encoding.named or self._settings.task == "next"
        if grows and self.engine == "reference":  # its bits depend on its width
            return (slice(t, t + 1) for t in range(count))
        return terms(self.samples, count, lags)

    def _step(self, xs: Floats, ys: Floats) -> Floats:
        if not len(xs):
            return np.empty((0, self.width), np.float32)
        rows, values = self.encoding.encode(xs), self._values(xs, ys)
        self.samples += len(xs)
        return np.concatenate([timing.step(rows, values) for timing in self._timings], axis=1)

    def _begin(self, horizons: tuple[int, ...]) -> None:
        """Make what depends on encoding and horizons."""
        self.samples = 0
        self._horizons = horizons
        self._timings = [self._timing(horizon) for horizon in horizons]
        self._nearest = self._timings[int(np.argmin(horizons))]

    def _timing(self, horizon: int) -> Timing:
        making = replace(self._making, label_horizon=self._patience(horizon))
        body = Lineup(self._settings, self.encoding, making).body(horizon)
        if horizon > 1:
            return Later(body, horizon, ahead=self._ahead)
        return Next(body) if self._ahead else Prompt(body)

    def _patience(self, horizon: int) -> int:
        """Samples for which a target is waited for."""
        return horizon + 1 if self._ahead else max(self._making.label_horizon, horizon)

    @property
    def width(self) -> int:
        """W, the numbers of a prediction."""
        return sum(timing.body.width for timing in self._timings)

    def _networks(self) -> list[RecurrentMember]:
        return [
            member
            for timing in self._timings
            for member in timing.body.members.values()
            if isinstance(member, RecurrentMember)
        ]

    def _values(self, xs: Floats, ys: Floats) -> Floats:
        """Targets; or where they are steps ahead, the series that they are of."""
        return self._targets(np.ascontiguousarray(xs[:, 0]) if self._ahead else ys)

    def _targets(self, ys: Floats) -> Floats:
        """What members learn: places of classes, or targets as they are."""
        return self.outcome.places(ys) if isinstance(self.outcome, ClassOutcome) else ys

    def _copy(self) -> "Assembly":
        horizons = self._horizons if self._settings.task == "forecast" else ()
        copy = Assembly(self._settings, self._making, Schema((), horizons=horizons))
        copy.load(self.export())
        return copy
