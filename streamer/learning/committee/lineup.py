"""Who is in a committee: all roles that the target has, those that were named, or as many as a budget allows."""

from collections.abc import Sequence

from streamer.config.committee import CommitteeSettings
from streamer.config.learner import EngineName
from streamer.errors import Fault, SettingsError
from streamer.learning.committee.body import Body
from streamer.learning.committee.intervals import Bare, Interval
from streamer.learning.committee.members.target import Kind, Target
from streamer.learning.committee.mixing.choice import make_mixture
from streamer.learning.committee.roles import Role, Scene, roles
from streamer.learning.inputs.encoder import Encoding

KINDS: dict[str, Kind] = {
    "binary": "binary",
    "multiclass": "classes",
    "next": "classes",
    "regression": "numbers",
    "forecast": "numbers",
}
DECLARED = 0.75
"""The weight at first of all members that know a declared period."""
MIXING = 0.3
"""Microseconds that a mixture costs, and as many for four members."""


class Lineup:
    """Makes bodies."""

    def __init__(
        self, settings: CommitteeSettings, encoding: Encoding, *, seed: int, engine: EngineName, label_horizon: int
    ) -> None:
        self._settings, self._encoding = settings, encoding
        self._seed, self._engine, self._label_horizon = seed, engine, label_horizon

    def body(self, horizon: int) -> Body:
        """A committee for targets so many steps ahead. SettingsError for members that cannot be had or afforded."""
        settings = self._settings
        kind = KINDS[settings.task]
        target = Target(kind, classes=settings.classes if kind == "classes" else 2, horizons=(horizon,))
        scene = Scene(
            settings,
            target,
            self._encoding.width,
            self._encoding.columns,
            self._encoding.columns == 1 and not self._encoding.named,
            self._seed,
            self._engine,
            self._label_horizon,
        )
        taken = chosen(scene)
        members = {role.name: role.make(scene) for role in taken}
        anchors = [place for place, role in enumerate(taken) if role.anchor]
        mixture = make_mixture(kind, first_weights(taken), classes=target.classes, horizon=horizon, anchors=anchors)
        ends = Interval(settings.coverage) if kind == "numbers" else Bare(target.width)
        return Body(members, mixture, ends, label_horizon=self._label_horizon)


def first_weights(taken: Sequence[Role]) -> list[float]:
    """Of members; those of declared periods have most of the weight together, for who declares one knows the series."""
    declared = sum(role.declared for role in taken)
    others = len(taken) - declared
    if not declared or not others:
        return [1 / len(taken)] * len(taken)
    return [DECLARED / declared if role.declared else (1 - DECLARED) / others for role in taken]


def chosen(scene: Scene) -> list[Role]:
    """The roles of a committee. SettingsError says what there is, or what would fit."""
    known = roles(scene)
    wanted = scene.settings.members
    names = [role.name for role in known]
    if unknown := [name for name in wanted if name not in names]:
        problem, remedy = f"no member for {scene.settings.task}", f"use {', '.join(names)}"
        raise SettingsError([Fault("committee.members", f"got {name!r}, {problem}", remedy) for name in unknown])
    return _afforded(scene, [role for role in known if role.name in wanted or not wanted])


def cost(scene: Scene, own: list[Role]) -> float:
    """Microseconds a sample of a committee of these roles."""
    return MIXING + sum(role.cost(scene) + MIXING / 4 for role in own)


def _afforded(scene: Scene, wanted: list[Role]) -> list[Role]:
    budget = scene.settings.microseconds_per_sample
    if budget is None:
        return wanted
    taken: list[Role] = []
    for role in wanted:
        if cost(scene, [*taken, role]) <= budget:
            taken.append(role)
    if not taken:
        least = min(cost(scene, [role]) for role in wanted)
        raise SettingsError(
            [
                Fault(
                    "committee.microseconds_per_sample",
                    f"got {budget}, too little for any member",
                    f"give at least {least:.2f}; all {len(wanted)} members take {cost(scene, wanted):.1f}",
                )
            ]
        )
    return taken
