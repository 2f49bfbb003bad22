"""One committee for one kind of target: members, mixture, and what samples without a label wait with.

    rows (T, F) ──► members: (T, N, W) ──► mixture: (T, W) ──► interval: (T, V)

Members know nothing of each other, so each steps over a whole block and the mixture over the block after them: the
same, bit for bit, as sample by sample.
"""

from collections.abc import Mapping

import numpy as np

from streamer.learning.committee.awaited import Awaited
from streamer.learning.committee.intervals import Bare, Interval
from streamer.learning.committee.member import Member
from streamer.learning.committee.mixing.mixture import Mixture
from streamer.learning.committee.recurrent import RecurrentMember
from streamer.learning.committee.sidelines import TERM, Sidelines
from streamer.learning.committee.together import Together
from streamer.learning.snapshot import part
from streamer.learning.standing import Standing, Standings
from streamer.samples import Arrays, Floats


class Body:
    """Predicts and learns rows of features; late labels by number. Trusts what it is given."""

    def __init__(
        self, members: Mapping[str, Member], mixture: Mixture, ends: Interval | Bare, *, label_horizon: int
    ) -> None:
        self.members = dict(members)
        self._mixture = mixture
        self._ends = ends
        self._sidelines = Sidelines(members)
        self._networks = {name: member for name, member in members.items() if isinstance(member, RecurrentMember)}
        self._together = Together()
        self.awaited = Awaited(label_horizon)
        self.samples = 0
        self.width = ends.width

    def step(self, rows: Floats, ys: Floats) -> Floats:
        """(T, F), (T,) → (T, V), each fixed before its own target is looked at."""
        parts = [np.empty((0, self.width), np.float32)]
        while len(rows):
            left = TERM - self.samples % TERM
            parts.append(self._step(rows[:left], ys[:left]))
            rows, ys = rows[left:], ys[left:]
        return np.concatenate(parts) if len(parts) != 2 else parts[1]

    def peek(self, row: Floats) -> Floats:
        """(1, F) → (1, V), what `step` would predict; changes nothing."""
        networks = self._in_play()
        told = self._together.peek([member.network for member in networks.values()], row)
        said = {name: member.said(own) for (name, member), own in zip(networks.items(), told, strict=True)}
        for name, member in self.members.items():
            if name not in said:
                said[name] = self._sidelines.peek(name, member, row)
        return self._ends.peek(self._mixture.peek(np.stack([said[name] for name in self.members], axis=1)))

    def label(self, number: int, y: float) -> None:
        """The label of a sample that is awaited."""
        kept, numbers, ys = self.awaited.take(number), np.array([number]), np.array([y], np.float32)
        self._together.label([member.network for member in self._networks.values()], number, ys)
        for name, member in self.members.items():
            if name not in self._networks:
                member.label_many(numbers, ys)
        self._mixture.label(kept[None, self.width :], ys)
        self._ends.label(kept[: self.width], y)

    def standings(self) -> Standings:
        """Who carries how much, and what it costs in errors."""
        shares, losses = self._mixture.shares().tolist(), self._mixture.losses()
        places = self._sidelines.places
        return Standings(
            tuple(
                Standing(name, share, loss, places[name].times, places[name].out)
                for name, share, loss in zip(self.members, shares, losses.members.tolist(), strict=True)
            ),
            losses.mixture,
        )

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        parts = {f"members.{name}": member.export() for name, member in self.members.items()}
        parts |= {"mixture": self._mixture.export(), "sidelines": self._sidelines.export()}
        parts |= {"awaited": self.awaited.export(), "ends": self._ends.export()}
        arrays = {f"{prefix}.{key}": array for prefix, own in parts.items() for key, array in own.items()}
        return arrays | {"samples": np.array(self.samples)}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self.samples = int(arrays["samples"])
        for name, member in self.members.items():
            member.load(part(arrays, f"members.{name}"))
        self._mixture.load(part(arrays, "mixture"))
        self._sidelines.load(part(arrays, "sidelines"))
        self.awaited.load(part(arrays, "awaited"))
        self._ends.load(part(arrays, "ends"))

    def _step(self, rows: Floats, ys: Floats) -> Floats:
        """Samples of one term."""
        if self.samples % TERM == 0:
            self._sidelines.begin_term(self.members)
        rows, ys = np.ascontiguousarray(rows), np.ascontiguousarray(ys)
        said = self._say(rows, ys)
        mixed, kept = self._mixture.step_many(np.stack(said, axis=1), ys)
        told = self._ends.step(mixed, ys)
        if np.isnan(ys).any():
            self.awaited.keep(self.samples, np.concatenate([told, kept], axis=1), ys)
        self.samples += len(ys)
        return told

    def _say(self, rows: Floats, ys: Floats) -> list[Floats]:
        """(T, W) of each member: the networks together, the others one after another."""
        networks = self._in_play()
        told = self._together.step([member.network for member in networks.values()], rows, ys) if networks else []
        own = {name: member.said(one) for (name, member), one in zip(networks.items(), told, strict=True)}
        return [
            self._sidelines.judge(name, own[name]) if name in own else self._sidelines.step(name, member, rows, ys)
            for name, member in self.members.items()
        ]

    def _in_play(self) -> dict[str, RecurrentMember]:
        """The networks that are not benched."""
        return {name: member for name, member in self._networks.items() if not self._sidelines.places[name].out}
