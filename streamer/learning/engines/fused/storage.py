"""The buffer of one learner, and the way between it and the arrays of a snapshot."""

from collections.abc import Mapping

import numpy as np

from streamer.learning.engines.fused.layout import Field
from streamer.learning.engines.fused.plan import Plan
from streamer.learning.snapshot import Arrays
from streamer.samples import Floats

_ALIGNMENT = 64


class Storage:
    """One row of float32, aligned to a cache line, all zero: padding must be."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        count = max(section.stop for section in plan.sections.values()) + 2 * plan.sizes.lanes
        memory = np.zeros(count + _ALIGNMENT // 4, np.float32)
        skip = (-memory.ctypes.data % _ALIGNMENT) // 4
        self.buffer = memory[skip : skip + count]
        self.address = self.buffer.ctypes.data

    def __getitem__(self, name: str) -> Floats:
        """A view of a section."""
        section = self.plan.sections[name]
        return self.buffer[section.start : section.stop]

    def read(self, section: Floats) -> Arrays:
        """Name → public array of a section that holds a number for each parameter, or of several (…, P)."""
        sizes = self.plan.sizes
        return {
            field.name: field.public(section[..., place : place + field.count(sizes)], sizes)
            for field, place in self._fields()
        }

    def write(self, section: Floats, arrays: Mapping[str, Floats]) -> None:
        """The inverse of `read`."""
        sizes = self.plan.sizes
        for field, place in self._fields():
            field.store(arrays[field.name], section[..., place : place + field.count(sizes)], sizes)

    def _fields(self) -> list[tuple[Field, int]]:
        return [(field, self.plan.places[field.name]) for field in self.plan.fields]

    def poison(self) -> None:
        """Fill all scratch with NaN, so that a lane that is read but was not written shows."""
        for name in self.plan.scratch:
            self[name][:] = np.nan
