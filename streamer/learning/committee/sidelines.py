"""Members that fail are benched, and come back from their last good state.

A term is TERM samples, counted by the samples of the stream, so that it does not depend on how the stream is cut. A
member that says NaN or raises is out for the rest of the term; at the next one it goes on from where it was at the
beginning of the last term that it finished well. The state of those that are well is kept then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from streamer.learning.committee.member import Member
from streamer.learning.snapshot import part
from streamer.samples import Arrays, Floats

TERM = 1024


@dataclass(slots=True)
class Place:
    """One member's record."""

    good: Arrays = field(default_factory=dict)
    """Its last good state; none before the first term is over."""
    times: int = 0
    """How often it was benched."""
    out: bool = False


class Sidelines:
    """Steps members, and benches those that fail."""

    def __init__(self, names: Mapping[str, Member]) -> None:
        self.places = {name: Place() for name in names}

    def begin_term(self, members: Mapping[str, Member]) -> None:
        """Members that are out come back; of the others the state is kept."""
        for name, place in self.places.items():
            if place.out:
                members[name].load(place.good)
                place.out = False
            else:
                place.good = members[name].export()

    def step(self, name: str, member: Member, rows: Floats, ys: Floats) -> Floats:
        """(T, F), (T,) → (T, W), NaN from where the member is out."""
        place = self.places[name]
        said = np.full((len(ys), member.width), np.nan, np.float32)
        if not place.out:
            try:
                said[:] = member.step_many(rows, ys)
            except Exception:
                said[:] = np.nan
        return self.judge(name, said)

    def judge(self, name: str, said: Floats) -> Floats:
        """Bench a member that is in play and has said NaN; what it said until then."""
        place, bad = self.places[name], ~np.isfinite(said).all(axis=1)
        if bad.any() and not place.out:
            said[int(np.argmax(bad)) :] = np.nan
            place.times += 1
            place.out = True
        return said

    def peek(self, name: str, member: Member, row: Floats) -> Floats:
        """(1, F) → (1, W), NaN if the member is out or fails."""
        if not self.places[name].out:
            try:
                return member.peek(row)
            except Exception:
                pass
        return np.full((1, member.width), np.nan, np.float32)

    def export(self) -> Arrays:
        """The states kept, and who is out."""
        arrays: Arrays = {}
        for name, place in self.places.items():
            arrays[f"{name}.record"] = np.array([place.times, place.out], np.int64)
            arrays |= {f"{name}.good.{key}": array for key, array in place.good.items()}
        return arrays

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        for name, place in self.places.items():
            own = part(arrays, name)
            times, out = own["record"].tolist()
            place.times, place.out, place.good = times, bool(out), part(own, "good")
