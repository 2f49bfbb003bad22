"""Who is in a committee: all roles that the target has, those that were named, or as many as a budget allows."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from streamer.columns import PLAIN, Column, Schema
from streamer.config.committee import CommitteeSettings
from streamer.errors import Fault, SettingsError
from streamer.learning.committee.body import Body
from streamer.learning.committee.intervals import Bare, Interval
from streamer.learning.committee.members.target import Kind, Target
from streamer.learning.committee.mixing.choice import make_mixture
from streamer.learning.committee.relief import Relief
from streamer.learning.committee.roles import Extra, Making, Role, Scene, roles
from streamer.learning.inputs.choice import make_encoding
from streamer.learning.inputs.encoder import Encoding

KINDS: dict[str, Kind] = {
    "binary": "binary",
    "multiclass": "classes",
    "next": "classes",
    "regression": "numbers",
    "forecast": "numbers",
}
MIXING = 0.3
"""Microseconds that a mixture costs, and as many for four members."""

TABLE = Schema((Column("x1"), Column("x2")))


class Lineup:
    """Makes bodies."""

    def __init__(self, settings: CommitteeSettings, encoding: Encoding, making: Making) -> None:
        self._settings, self._encoding, self._making = settings, encoding, making

    def body(self, horizon: int) -> Body:
        """A committee for targets so many steps ahead. SettingsError for members that cannot be had or afforded."""
        scene = self.scene(horizon)
        kind, target = scene.target.kind, scene.target
        taken = chosen(scene)
        members = {role.name: role.make(scene) for role in taken}
        anchors = [place for place, role in enumerate(taken) if role.anchor]
        mixture = make_mixture(kind, len(members), classes=target.classes, horizon=horizon, anchors=anchors)
        ends = Interval(self._settings.coverage) if kind == "numbers" else Bare(target.width)
        relief = Relief({role.name: role.cost(scene) for role in taken}, budget=scene.budget)
        return Body(members, mixture, ends, relief=relief, label_horizon=self._making.label_horizon)

    def scene(self, horizon: int) -> Scene:
        """For what its members are made."""
        settings, encoding = self._settings, self._encoding
        kind = KINDS[settings.task]
        return Scene(
            settings,
            Target(kind, classes=settings.classes if kind == "classes" else 2, horizon=horizon),
            encoding.width,
            encoding.columns,
            encoding.columns == 1 and not encoding.named,
            self._making,
        )


def check_lineup(settings: CommitteeSettings, schema: Schema, extra: Mapping[str, Extra]) -> None:
    """SettingsError if a stream of these columns can have no committee; nothing is made or compiled."""
    encoding = make_encoding(settings.learner(), schema)
    for horizon in settings.horizons:
        chosen(Lineup(settings, encoding, Making(0, "auto", 1, extra)).scene(horizon))


def usual_schema(settings: CommitteeSettings, extra: Mapping[str, Extra]) -> Schema:
    """Rows that a committee of these settings is for: without names, or if it has no member for them, of a table.

    SettingsError if for neither.
    """
    try:
        check_lineup(settings, PLAIN, extra)
        return PLAIN
    except SettingsError as error:
        with suppress(SettingsError):
            check_lineup(settings, TABLE, extra)
            return TABLE
        raise error from None


def chosen(scene: Scene) -> list[Role]:
    """The roles of a committee; of those named the ones that have any prospect with such rows.

    SettingsError says what there is, or what would fit.
    """
    wanted, task = scene.settings.members, scene.settings.task
    here, elsewhere = roles(scene), roles(replace(scene, series=not scene.series))
    names = dict.fromkeys(role.name for role in (*here, *elsewhere))
    if unknown := [name for name in wanted if name not in names]:
        remedy = f"use {', '.join(names)}"
        raise SettingsError(
            [Fault("committee.members", f"got {name!r}, no member for task {task}", remedy) for name in unknown]
        )
    asked = {*wanted, *scene.making.extra}
    taken = [role for role in here if role.name in asked or (role.unasked and not wanted)]
    if not taken:
        rows = "series of one number" if scene.series else "tables"
        raise SettingsError(
            [
                Fault(
                    "committee.members",
                    f"got {', '.join(wanted)}, of no use for {rows}",
                    f"add one of {', '.join(role.name for role in here)}",
                )
            ]
        )
    return _afforded(scene, taken)


def cost(scene: Scene, own: list[Role]) -> float:
    """Microseconds a sample of a committee of these roles."""
    return MIXING + sum(role.cost(scene) + MIXING / 4 for role in own)


def _afforded(scene: Scene, wanted: list[Role]) -> list[Role]:
    budget = scene.budget
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
