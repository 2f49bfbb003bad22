"""The buffer of one learner, and the way between it and the arrays of a snapshot."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from streamer.learning.engines.fused.layout import Field, Sizes
from streamer.samples import Arrays, Floats

_ALIGNMENT = 64


class Storage:
    """One row of float32, aligned to a cache line, all zero: padding must be."""

    def __init__(
        self, sizes: Sizes, sections: Mapping[str, range], fields: Sequence[Field], cell_fields: Sequence[Field]
    ) -> None:
        self.sizes = sizes
        self.cell_fields = cell_fields
        self._fields = fields
        self._sections = sections
        count = max(section.stop for section in sections.values()) + 2 * sizes.lanes
        memory = np.zeros(count + _ALIGNMENT // 4, np.float32)
        skip = (-memory.ctypes.data % _ALIGNMENT) // 4
        self.buffer = memory[skip : skip + count]
        self.address = self.buffer.ctypes.data

    def __getitem__(self, name: str) -> Floats:
        """A view of a section."""
        section = self.section(name)
        return self.buffer[section.start : section.stop]

    def section(self, name: str) -> range:
        """Where a section is in the buffer."""
        return self._sections[name]

    def read(self, section: Floats, fields: Sequence[Field] | None = None) -> Arrays:
        """Name → public array (…, *shape), from a section (…, P) that holds a number for each parameter of `fields`."""
        return {field.name: field.public(place, self.sizes) for field, place in self._places(section, fields)}

    def write(self, section: Floats, arrays: Mapping[str, Floats], fields: Sequence[Field] | None = None) -> None:
        """The inverse of `read`."""
        for field, place in self._places(section, fields):
            field.store(arrays[field.name], place, self.sizes)

    def _places(self, section: Floats, fields: Sequence[Field] | None) -> Iterator[tuple[Field, Floats]]:
        end = 0
        for field in self._fields if fields is None else fields:
            start, end = end, end + field.count(self.sizes)
            yield field, section[..., start:end]

    def poison(self, sections: Iterable[str]) -> None:
        """Fill scratch sections with NaN, so that a lane that is read but was not written shows."""
        for name in sections:
            self[name][:] = np.nan
