"""The committee that users hold: many members learn side by side, and what is told is their mixture.

It has the verbs of a learner, and nothing to tune. How it is never much worse than its best member: `mixing/BOUND.md`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from streamer.columns import PLAIN, Schema
from streamer.config.committee import CommitteeSettings
from streamer.config.learner import EngineName, TaskName
from streamer.errors import SampleError
from streamer.learning.admission import many_inputs, many_targets, one_input, one_target
from streamer.learning.committee.assembly import Assembly
from streamer.learning.committee.roles import Extra, Making
from streamer.learning.compatibility import check_structure
from streamer.learning.fitting import Objection, objection
from streamer.learning.insight import Insight
from streamer.learning.learner import LABEL_HORIZON, no_label
from streamer.learning.snapshot import Snapshot, hash_arrays
from streamer.learning.standing import Standings
from streamer.samples import Arrays, Floats, Numbers


class Committee:
    """Networks, linear models, neighbours and simple rules that learn a target from one sample after another.

    >>> committee = Committee(task="regression", inputs=1)
    >>> xs = np.random.default_rng(0).standard_normal((300, 1)).astype(np.float32)
    >>> values = committee.step_many(xs, 3 * xs[:, 0])[:, 0]
    >>> bool(abs(values[-99:] - 3 * xs[-99:, 0]).mean() < 0.1)
    True

    `horizon`: after how many samples a target is known, 1 being before the next sample; for task `forecast` how many
    steps ahead it looks, one or several. `periods`: after how many steps a series of numbers repeats itself.
    """

    def __init__(
        self,
        task: TaskName = "binary",
        inputs: int = 1,
        horizon: int | tuple[int, ...] = 1,
        periods: tuple[int, ...] = (),
        *,
        classes: int = 16,
        coverage: float = 0.9,
        members: tuple[str, ...] = (),
        microseconds_per_sample: float | None = None,
        seed: int = 0,
        engine: EngineName = "auto",
        schema: Schema = PLAIN,
        label_horizon: int = LABEL_HORIZON,
        extra: Mapping[str, Extra] | None = None,
    ) -> None:
        settings = CommitteeSettings(
            task=task,
            inputs=inputs,
            horizons=horizon if isinstance(horizon, tuple) else (horizon,),
            periods=periods,
            classes=classes,
            coverage=coverage,
            members=members,
            microseconds_per_sample=microseconds_per_sample,
        )
        self._begin(settings, seed, engine, schema, label_horizon, extra or {})

    def _begin(
        self,
        settings: CommitteeSettings,
        seed: int,
        engine: EngineName,
        schema: Schema,
        label_horizon: int,
        extra: Mapping[str, Extra],
    ) -> None:
        self.settings, self._label_horizon = settings, label_horizon
        self._assembly = Assembly(settings, Making(seed, engine, label_horizon, extra), schema)

    @classmethod
    def of(
        cls,
        settings: CommitteeSettings,
        *,
        seed: int = 0,
        engine: EngineName = "auto",
        schema: Schema = PLAIN,
        label_horizon: int = LABEL_HORIZON,
        extra: Mapping[str, Extra] | None = None,
    ) -> "Committee":
        """A committee of these settings. `extra` are further members by name, each made for a kind of target."""
        committee = cls.__new__(cls)
        committee._begin(settings, seed, engine, schema, label_horizon, extra or {})
        return committee

    @property
    def engine(self) -> str:
        """The name of the engine of its networks."""
        return self._assembly.engine

    @property
    def members(self) -> tuple[str, ...]:
        """The names of its members."""
        return self._assembly.members

    @property
    def samples(self) -> int:
        """Samples stepped over so far: the number of the next one."""
        return self._assembly.samples

    @property
    def prediction_width(self) -> int:
        """W, the numbers of a prediction."""
        return self._assembly.width

    @property
    def classes(self) -> tuple[float, ...]:
        """The targets that the first places of a prediction are the probabilities of, as far as they were found."""
        return self._assembly.outcome.classes

    @property
    def columns(self) -> int:
        """I, the numbers of a row."""
        return self._assembly.encoding.columns

    @property
    def schema(self) -> Schema:
        """The columns by name, and the horizons."""
        return self._assembly.schema

    @property
    def takes_missing(self) -> bool:
        """Whether NaN in a row is a missing value: with named columns it is."""
        return self._assembly.encoding.named

    def objection(self, inputs: int, schema: Schema) -> Objection | None:
        """What is wrong with rows of `inputs` numbers of these columns; None if it can learn from them."""
        return objection(self.settings.learner(), self._assembly.encoding, inputs, schema)

    def arrange(self, schema: Schema) -> Numbers:
        """For each column of a log its place in the rows here; new ones are taken in, at the end."""
        return self._assembly.encoding.arrange(schema.columns)

    def predict_one(self, x: npt.ArrayLike) -> Any:
        """x (I,) → the prediction after it. Pure: nothing changes.

        A float for `binary`: the probability that the target is 1. Else an array (W,): probabilities by place of
        class, or for each horizon value, lower and upper end.
        """
        row = self._assembly.peek(one_input(x, self.columns, missing=self.takes_missing))[0]
        return float(row[0]) if self.prediction_width == 1 else row

    def learn_one(self, x: npt.ArrayLike, y: float | None) -> None:
        """Every member steps over x (I,) and, unless y is None or NaN, learns."""
        row = one_input(x, self.columns, missing=self.takes_missing)
        self._assembly.step(row, one_target(y, self._assembly.outcome))

    def step_many(self, xs: npt.ArrayLike, ys: npt.ArrayLike) -> Floats:
        """xs (T, I), ys (T,) → predictions (T,) or (T, W), each fixed before its own target is looked at.

        Bit for bit what `predict_one` and `learn_one` give in turn. All samples are checked before the first is
        learned: on SampleError the committee is unchanged.
        """
        inputs = many_inputs(xs, self.columns, missing=self.takes_missing)
        told = self._assembly.step(inputs, many_targets(ys, len(inputs), self._assembly.outcome))
        return told[:, 0] if self.prediction_width == 1 else told

    def label(self, number: int, y: float) -> None:
        """Learn the label of the sample of this number, counted from 0, that was learned without one.

        SampleError, reason `label_late` beyond the horizon, `label_unknown` if there is no such sample or it has had
        its label.
        """
        target = one_target(y, self._assembly.outcome)
        if np.isnan(target[0]):
            raise SampleError("a label is missing", reason="target", got=y, expected="a target")
        if problem := self._assembly.objection(number):
            raise no_label(problem, number, self._label_horizon)
        self._assembly.label_many(np.array([number]), target)

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """Learn labels (n,), one after another; those whose samples are awaited no longer are left out."""
        self._assembly.label_many(np.asarray(numbers), np.asarray(ys, np.float32))

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """(T,) → which targets it can learn from; NaN, no label, always may."""
        return self._assembly.outcome.admits(ys)

    def relieve(self, microseconds: float, *, waiting: bool) -> None:
        """A sample cost so much of late, and more are waiting or not: with a budget the dearest may then rest."""
        self._assembly.relieve(microseconds, waiting=waiting)

    def standings(self) -> Standings:
        """How much each member carries now, and how it does; with several horizons at the nearest."""
        return self._assembly.standings()

    def overhear(self, listener: Callable[[Floats], None]) -> None:
        """Have the listener told what each member says by itself, (T, N, W) a call, as `step_many` goes along.

        In the order of `members`, fixed before the targets are looked at; NaN where a member is out. With several
        horizons at the nearest. It is not part of the state.
        """
        self._assembly.overhear(listener)

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        return self._assembly.export()

    def snapshot(self) -> Snapshot[CommitteeSettings]:
        """The whole state as a value."""
        return Snapshot(self.settings, self.export())

    @classmethod
    def restore(
        cls,
        snapshot: Snapshot[CommitteeSettings],
        *,
        settings: CommitteeSettings | None = None,
        engine: EngineName = "auto",
        label_horizon: int = LABEL_HORIZON,
        extra: Mapping[str, Extra] | None = None,
    ) -> "Committee":
        """A committee that goes on exactly where `snapshot` was taken. IncompatibleError names what does not fit."""
        settings = settings or snapshot.settings
        check_structure(snapshot, settings.structure())
        committee = cls.of(settings, engine=engine, label_horizon=label_horizon, extra=extra)
        committee._assembly.load(snapshot.arrays)
        return committee

    def state_hash(self) -> str:
        """SHA-256 of the whole state: equal exactly if everything that decides the future is equal."""
        return hash_arrays(self.export())

    def insight(self) -> Insight | None:
        """What one may see of the network that does best; None if it has no network."""
        return self._assembly.insight()

    def counters(self) -> dict[str, int]:
        """Counts of its life: samples, and skipped_updates of all its networks."""
        return self._assembly.counters()

    def facts(self) -> dict[str, Any]:
        """What is done to each column, which classes were found."""
        return {"columns": self._assembly.encoding.describe(), "classes": list(self.classes)}
