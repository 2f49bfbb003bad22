"""Members that fail are benched, and come back from their last good state; members that are too dear rest.

A term is TERM samples, counted by the samples of the stream, so that it does not depend on how the stream is cut. At
its end the state of each member that is well is kept. One that says NaN or raises takes no part in the rest of the
term: it is put back to where it was when the term began, and goes on from there when the next one begins. What it has
missed it never learns, and labels of samples before its return no longer reach it: so nothing that waits for one is
kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from streamer.learning.committee.member import Member
from streamer.learning.snapshot import part
from streamer.samples import Arrays, Floats, Numbers

TERM = 4096


def terms(start: int, count: int, lags: tuple[int, ...] = (0,)) -> Iterator[slice]:
    """The next `count` samples after `start`, cut where terms end, also terms that begin some samples later.

    >>> [(part.start, part.stop) for part in terms(4072, 100, lags=(0, 1))]
    [(0, 24), (24, 25), (25, 100)]
    """
    ends = {end for lag in lags for end in range((lag - start) % TERM, count, TERM)}
    return (slice(*cut) for cut in pairwise(sorted({0, count} | ends)))


@dataclass(slots=True)
class Place:
    """One member's record."""

    good: Arrays = field(default_factory=dict)
    """Its state when the term began, or if it is not well, when the last one began in which it was."""
    counted: int = 0
    """Samples that it had counted then."""
    times: int = 0
    """How often it was benched."""
    out: bool = False
    missed: int = 0
    """Samples of the stream that it has not counted."""
    since: int = 0
    """The number of the sample that it came back with."""
    resting: int = -1
    """The number of the sample from which on it rests, for it is too dear; −1 if it does not."""

    @property
    def away(self) -> bool:
        """Whether it takes no part."""
        return self.out or self.resting >= 0

    def record(self) -> tuple[int, ...]:
        """All but the state."""
        return self.counted, self.times, self.out, self.missed, self.since, self.resting


class Sidelines:
    """Steps members, and benches those that fail."""

    def __init__(self, members: Mapping[str, Member]) -> None:
        self._members = dict(members)
        self.places = {name: Place(member.export(awaited=False)) for name, member in members.items()}

    def rest(self, name: str, samples: int) -> None:
        """A member takes no part from here on, and stays as it is."""
        self.places[name].resting = samples

    def wake(self, name: str, samples: int) -> None:
        """A member that rests goes on from where it was."""
        place = self.places[name]
        place.missed += samples - place.resting
        place.resting, place.since = -1, samples

    def advance(self, samples: int) -> None:
        """After so many samples: if a term is over, members that are out come back; of the others the state is kept."""
        if samples % TERM:
            return
        for name, place in self.places.items():
            if place.out:
                place.out, place.since = False, samples
                place.missed = samples - place.counted
            elif not place.away:
                place.good, place.counted = self._members[name].export(awaited=False), samples - place.missed

    def step(self, name: str, rows: Floats, ys: Floats) -> Floats:
        """(T, F), (T,) → (T, W), NaN from where the member is out."""
        member = self._members[name]
        if self.places[name].away:
            return _silence(member, len(ys))
        try:
            said = member.step_many(rows, ys)
        except Exception:  # whatever a member comes to grief on, the others go on
            said = self._one_by_one(name, rows, ys)
        return self.judge(name, said)

    def judge(self, name: str, said: Floats) -> Floats:
        """Bench a member that is in play and has said NaN; what it said until then."""
        bad = ~np.isfinite(said).all(axis=1)
        if not bad.any() or self.places[name].away:
            return said
        self._bench(name)
        return np.where(np.arange(len(said))[:, None] < np.argmax(bad), said, np.float32(np.nan))

    def label(self, name: str, numbers: Numbers, ys: Floats) -> None:
        """Late labels (n,) by the numbers of the stream."""
        try:
            self._members[name].label_many(self.own(name, numbers), ys)
        except Exception:
            self._bench(name)

    def own(self, name: str, numbers: Numbers) -> Numbers:
        """Numbers of the stream (n,) → those of the member, −1 where the sample is none of its own."""
        place = self.places[name]
        return np.where((numbers >= place.since) & (not place.away), numbers - place.missed, -1)

    def peek(self, name: str, row: Floats) -> Floats:
        """(1, F) → (1, W), NaN if the member is out or fails."""
        member = self._members[name]
        if not self.places[name].away:
            try:
                return member.peek(row)
            except Exception:  # as it will when it steps
                pass
        return _silence(member, 1)

    def export(self) -> Arrays:
        """The states kept, and who is out."""
        arrays: Arrays = {}
        for name, place in self.places.items():
            arrays[f"{name}.record"] = np.array(place.record(), np.int64)
            arrays |= {f"{name}.good.{key}": array for key, array in place.good.items()}
        return arrays

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        for name in self.places:
            own = part(arrays, name)
            counted, times, out, missed, since, resting = own["record"].tolist()
            self.places[name] = Place(part(own, "good"), counted, times, bool(out), missed, since, resting)

    def _one_by_one(self, name: str, rows: Floats, ys: Floats) -> Floats:
        """The same sample by sample, so that it does not matter in which block a member raises; (T, W), then NaN.

        Of the sample at which it does it says what it had said without the target.
        """
        member = self._members[name]
        said = _silence(member, len(ys))
        for t in range(len(ys)):
            row = rows[t : t + 1]
            try:
                said[t] = member.step_many(row, ys[t : t + 1])[0]
            except Exception:
                said[t] = self.peek(name, row)[0]
                self._bench(name)
            if self.places[name].out or not np.isfinite(said[t]).all():
                break
        return said

    def _bench(self, name: str) -> None:
        place = self.places[name]
        place.times, place.out = place.times + 1, True
        self._members[name].load(place.good)


def _silence(member: Member, count: int) -> Floats:
    return np.full((count, member.width), np.nan, np.float32)
