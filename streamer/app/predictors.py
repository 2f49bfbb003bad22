"""Which predictor a stream gets: a learner of the settings, or a committee."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from streamer.columns import PLAIN, Schema
from streamer.config.committee import CommitteeSettings
from streamer.config.learner import EngineName
from streamer.config.settings import LearnerSection, Settings
from streamer.errors import SettingsError
from streamer.learning.committee.committee import Committee
from streamer.learning.committee.lineup import check_lineup, usual_schema
from streamer.learning.committee.roles import Extra
from streamer.learning.engines.build import build_of
from streamer.learning.engines.choice import why_not_fused
from streamer.learning.fitting import Objection, objection
from streamer.learning.learner import Learner
from streamer.learning.predictor import Predictor, PredictorFactory
from streamer.learning.snapshot import Snapshot
from streamer.samples import Arrays


class Factory(PredictorFactory, Protocol):
    """Makes the predictors of a daemon."""

    def warm_up(self) -> str:
        """Load or compile what they need, so that no producer waits for it; returns what computes them, and why.

        StartError if it cannot be had.
        """
        ...

    def build(self) -> dict[str, str]:
        """What decides the last bits of what they compute; to be asked for after the warm-up."""
        ...

    def retune(self, step_size: float) -> None:
        """What is made or restored from now on learns by another step size, if it has one of its own."""
        ...


def factory_for(settings: Settings) -> Factory:
    """The factory of the predictor that is set."""
    horizon = settings.streams.label_horizon
    if settings.predictor == "learner":
        return LearnerFactory(settings.learner, settings.seed, label_horizon=horizon)
    return CommitteeFactory(
        settings.committee_settings(), settings.seed, engine=settings.learner.engine, label_horizon=horizon
    )


def extra_members(settings: CommitteeSettings, *, label_horizon: int) -> Mapping[str, Extra]:
    """The estimators of River's that are asked for, by the names of their classes; River is loaded for them alone."""
    if not settings.river:
        return {}
    from streamer.river.member import river_members

    return river_members(settings.river, label_horizon=label_horizon)


class LearnerFactory:
    """Makes the learners of a daemon."""

    def __init__(self, settings: LearnerSection, seed: int, *, label_horizon: int) -> None:
        self._settings = settings
        self._seed = seed
        self._label_horizon = label_horizon
        self._engine = ""

    def warm_up(self) -> str:
        """As `Factory` says."""
        learner = self.create("", PLAIN)
        learner.step_many(np.zeros((1, learner.columns), np.float32), np.zeros(1, np.float32))
        self._engine = learner.engine
        return f"{learner.engine}: {learner.engine_reason}"

    def build(self) -> dict[str, str]:
        """As `Factory` says."""
        return build_of(self._engine)

    def retune(self, step_size: float) -> None:
        """As `Factory` says."""
        self._settings = self._settings.model_copy(update={"step_size": step_size})

    def objection(self, inputs: int, schema: Schema) -> Objection | None:
        """What is wrong with a stream that begins; None if it can be learned."""
        return objection(self._settings, None, inputs, schema)

    def create(self, stream: str, schema: Schema) -> Learner:
        """A learner with the first weights of the seed."""
        return Learner(
            self._settings,
            seed=self._seed,
            engine=self._settings.engine,
            schema=schema,
            label_horizon=self._label_horizon,
        )

    def restore(self, stream: str, arrays: Arrays) -> Predictor:
        """A learner that goes on where its arrays were taken."""
        snapshot = Snapshot(self._settings, arrays)
        return Learner.restore(snapshot, engine=self._settings.engine, label_horizon=self._label_horizon)


class CommitteeFactory:
    """Makes the committees of a daemon."""

    def __init__(self, settings: CommitteeSettings, seed: int, *, engine: EngineName, label_horizon: int) -> None:
        self._settings, self._seed, self._wanted, self._label_horizon = settings, seed, engine, label_horizon
        self._engine = ""
        self._extra = extra_members(settings, label_horizon=label_horizon)

    def warm_up(self) -> str:
        """As `Factory` says. SettingsError for members that there are not, or that cannot be afforded."""
        committee = self.create("", usual_schema(self._settings, self._extra))
        rows, none = np.zeros((3, committee.columns), np.float32), np.full(3, np.nan, np.float32)
        committee.step_many(rows, none)
        committee.label_many(np.arange(1), np.zeros(1, np.float32))
        committee.step_many(rows, np.zeros(3, np.float32))
        self._engine = committee.engine
        shown = ", ".join(map(self._shown, committee.members))
        return f"a committee of {len(committee.members)}, its networks {committee.engine}: {shown}"

    def _shown(self, member: str) -> str:
        return f"{member} (begins anew after a restart)" if member in self._extra else member

    def build(self) -> dict[str, str]:
        """As `Factory` says. Members that are no networks are compiled as the fused engine is."""
        return build_of("fused" if self._engine == "none" and not why_not_fused() else self._engine)

    def retune(self, step_size: float) -> None:
        """Its networks have step sizes of their own."""

    def objection(self, inputs: int, schema: Schema) -> Objection | None:
        """What is wrong with a stream that begins; None if it can be learned."""
        return objection(self._settings.learner(), None, inputs, schema) or self._without_members(schema)

    def _without_members(self, schema: Schema) -> Objection | None:
        """Those that were named, or can be afforded, may be of no use for such rows."""
        try:
            check_lineup(self._settings, schema, self._extra)
        except SettingsError as error:
            return Objection("members", "; ".join(map(str, error.faults)))
        return None

    def create(self, stream: str, schema: Schema) -> Committee:
        """A committee that has seen nothing."""
        return Committee.of(
            self._settings,
            seed=self._seed,
            engine=self._wanted,
            schema=schema,
            label_horizon=self._label_horizon,
            extra=self._extra,
        )

    def restore(self, stream: str, arrays: Arrays) -> Predictor:
        """A committee that goes on where its arrays were taken."""
        snapshot = Snapshot(self._settings, arrays)
        return Committee.restore(snapshot, engine=self._wanted, label_horizon=self._label_horizon, extra=self._extra)
