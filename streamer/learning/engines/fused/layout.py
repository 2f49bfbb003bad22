"""How a public array is stored: axes reordered so that hidden units are neighbours, and padded to whole vectors."""

import math
from dataclasses import dataclass

import numpy as np

from streamer.samples import Floats


@dataclass(frozen=True, slots=True)
class Sizes:
    """The numbers that all shapes follow from: N lanes, I inputs, F features (I and the memory's), H, K, m, O, M."""

    lanes: int
    inputs: int
    features: int
    hidden: int
    truncation: int
    memory_size: int
    outputs: int = 1
    targets: int = 1

    @property
    def units(self) -> int:
        """H rounded up to whole vectors."""
        return self.padded(self.hidden)

    def padded(self, count: int) -> int:
        """Rounded up to whole vectors.

        >>> Sizes(8, 1, 1, 17, 8, 0).units
        24
        """
        return -(-count // self.lanes) * self.lanes


@dataclass(frozen=True, slots=True)
class Field:
    """A public array as stored: its axes in the order `axes`, the last one padded with zeros to whole vectors."""

    name: str
    shape: tuple[int, ...]
    axes: tuple[int, ...]

    def stored_shape(self, sizes: Sizes) -> tuple[int, ...]:
        """The shape in the buffer.

        >>> Field("W", (3, 5, 2), (2, 0, 1)).stored_shape(Sizes(8, 2, 2, 5, 8, 0))
        (2, 3, 8)
        """
        *front, last = [self.shape[axis] for axis in self.axes] or [1]
        return (*front, sizes.padded(last))

    def count(self, sizes: Sizes) -> int:
        """Numbers in the buffer, padding included."""
        return math.prod(self.stored_shape(sizes))

    def store(self, array: Floats, to: Floats, sizes: Sizes) -> None:
        """Write a public array (…, *shape) to its place (…, count)."""
        lead = array.ndim - len(self.shape)
        axes = (*range(lead), *(lead + axis for axis in self.axes))
        public = array.transpose(axes) if self.shape else array[..., None]
        stored = to.reshape((*to.shape[:-1], *self.stored_shape(sizes)))
        stored[...] = 0
        stored[..., : public.shape[-1]] = public

    def public(self, stored: Floats, sizes: Sizes) -> Floats:
        """The public array (…, *shape) at a place (…, count); a copy."""
        lead = stored.ndim - 1
        array = stored.reshape((*stored.shape[:-1], *self.stored_shape(sizes)))
        if not self.shape:
            return array[..., 0].copy()
        back = np.argsort(self.axes)
        array = array[..., : self.shape[self.axes[-1]]]
        return array.transpose((*range(lead), *(lead + int(axis) for axis in back))).copy(order="C")
