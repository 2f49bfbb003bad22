"""One committee for one kind of target: members, mixture, and what samples without a label wait with.

    rows (T, F) ──► members: (T, N, W) ──► mixture: (T, W) ──► interval: (T, V)

Members know nothing of each other, so each steps over a whole block and the mixture over the block after them: the
same, bit for bit, as sample by sample.
"""

from collections.abc import Callable, Mapping

import numpy as np

from streamer.learning.committee.awaited import Awaited
from streamer.learning.committee.intervals import Bare, Interval
from streamer.learning.committee.member import Member
from streamer.learning.committee.mixing.mixture import Mixture
from streamer.learning.committee.recurrent import RecurrentMember
from streamer.learning.committee.relief import Relief
from streamer.learning.committee.sidelines import Sidelines, terms
from streamer.learning.committee.together import Together
from streamer.learning.snapshot import part
from streamer.learning.standing import Standing, Standings
from streamer.samples import Arrays, Floats, Numbers


class Body:
    """Predicts and learns rows of features; late labels by number. Trusts what it is given."""

    def __init__(
        self,
        members: Mapping[str, Member],
        mixture: Mixture,
        ends: Interval | Bare,
        *,
        relief: Relief,
        label_horizon: int,
    ) -> None:
        self.members = dict(members)
        self._mixture = mixture
        self._ends = ends
        self._relief = relief
        self._sidelines = Sidelines(members)
        self._networks = {name: member for name, member in members.items() if isinstance(member, RecurrentMember)}
        self._together = Together()
        self._awaited = Awaited(horizon=label_horizon)
        self.samples = 0
        self.width = ends.width
        self.listener: Callable[[Floats], None] | None = None
        """Told what the members say of each block (T, N, W), for measurements."""

    def step(self, rows: Floats, ys: Floats) -> Floats:
        """(T, F), (T,) → (T, V), each fixed before its own target is looked at."""
        parts = [self._step(rows[part], ys[part]) for part in terms(self.samples, len(ys))]
        return np.concatenate([np.empty((0, self.width), np.float32), *parts])

    def peek(self, row: Floats) -> Floats:
        """(1, F) → (1, V), what `step` would predict; changes nothing."""
        networks = self._in_play()
        told = self._together.peek([member.network for member in networks.values()], row)
        said = {name: member.said(own) for (name, member), own in zip(networks.items(), told, strict=True)}
        for name in self.members:
            if name not in said:
                said[name] = self._sidelines.peek(name, row)
        return self._ends.peek(self._mixture.peek(np.stack([said[name] for name in self.members], axis=1)))

    def objection(self, number: int) -> str:
        """Why a sample cannot be labelled now; empty if it can."""
        return self._awaited.objection(number, self.samples)

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """The labels (n,) of samples, one after another; those that are not awaited are left out."""
        places, contexts = self._awaited.take(numbers)
        if not len(places):
            return
        numbers, ys = numbers[places], ys[places]
        for name in self.members:
            if name not in self._networks:
                self._sidelines.label(name, numbers, ys)
        self._label_networks(numbers, ys)
        self._mixture.label(contexts[:, self.width :], ys)
        for context, y in zip(contexts, ys.tolist(), strict=True):
            self._ends.label(context[: self.width], y)

    def standings(self) -> Standings:
        """Who carries how much, and what it costs in errors."""
        shares, losses = self._mixture.shares().tolist(), self._mixture.losses()
        places = self._sidelines.places
        return Standings(
            tuple(
                Standing(name, share, loss, places[name].times, places[name].away)
                for name, share, loss in zip(self.members, shares, losses.members.tolist(), strict=True)
            ),
            losses.mixture,
        )

    def relieve(self, microseconds: float, *, waiting: bool) -> None:
        """The last samples cost so much each, and more are waiting or not: one member may have to rest, or may wake."""
        places = self._sidelines.places
        playing = [name for name, place in places.items() if not place.away]
        resting = [name for name, place in places.items() if place.resting >= 0]
        if name := self._relief.rests(self.samples, microseconds, waiting=waiting, playing=playing):
            self._sidelines.rest(name, self.samples)
        elif name := self._relief.wakes(self.samples, microseconds, waiting=waiting, resting=resting):
            self._sidelines.wake(name, self.samples)

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        parts = {f"members.{name}": member.export() for name, member in self.members.items()}
        parts |= {"mixture": self._mixture.export(), "sidelines": self._sidelines.export()}
        parts["ends"] = self._ends.export()
        arrays = {f"{prefix}.{key}": array for prefix, own in parts.items() for key, array in own.items()}
        return arrays | self._awaited.export() | {"samples": np.array(self.samples)}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self.samples = int(arrays["samples"])
        for name, member in self.members.items():
            member.load(part(arrays, f"members.{name}"))
        self._mixture.load(part(arrays, "mixture"))
        self._sidelines.load(part(arrays, "sidelines"))
        self._awaited.load(arrays)
        self._ends.load(part(arrays, "ends"))

    def _step(self, rows: Floats, ys: Floats) -> Floats:
        """Samples of one term."""
        rows, ys = np.ascontiguousarray(rows), np.ascontiguousarray(ys)
        said = np.stack(self._say(rows, ys), axis=1)
        if self.listener is not None:
            self.listener(said)
        mixed, kept = self._mixture.step_many(said, ys)
        told = self._ends.step(mixed, ys)
        missing = np.flatnonzero(np.isnan(ys))
        self._awaited.keep(self.samples + missing, np.concatenate([told[missing], kept[missing]], axis=1))
        self.samples += len(ys)
        self._awaited.forget(self.samples)
        self._sidelines.advance(self.samples)
        return told

    def _say(self, rows: Floats, ys: Floats) -> list[Floats]:
        """(T, W) of each member: the networks together, the others one after another."""
        networks = self._in_play()
        told = self._together.step([member.network for member in networks.values()], rows, ys) if networks else []
        own = {name: member.said(one) for (name, member), one in zip(networks.items(), told, strict=True)}
        return [
            self._sidelines.judge(name, own[name]) if name in own else self._sidelines.step(name, rows, ys)
            for name in self.members
        ]

    def _label_networks(self, numbers: Numbers, ys: Floats) -> None:
        own = [self._sidelines.own(name, numbers).tolist() for name in self._networks]
        networks = [member.network for member in self._networks.values()]
        for at, each in enumerate(zip(*own, strict=True)):
            self._together.label(networks, each, ys[at : at + 1])

    def _in_play(self) -> dict[str, RecurrentMember]:
        """The networks that are not benched."""
        return {name: member for name, member in self._networks.items() if not self._sidelines.places[name].away}
