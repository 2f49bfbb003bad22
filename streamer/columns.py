"""What a stream's rows mean: named columns, numbers or categories, and what its target is.

A category travels as a number, the code of its text, so that a row stays a row of float32; what the code's feature is,
the learner decides and keeps with its weights.
"""

import zlib
from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["numeric", "category", "cycle"]
"""A `cycle` is a sine or cosine of time, taken as it is."""

CODES = 1 << 24
"""Codes are whole numbers below this: float32 holds each of them exactly."""


class Column(Struct, frozen=True, array_like=True):
    """One place of a row."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    kind: Kind = "numeric"


class Schema(Struct, frozen=True, array_like=True):
    """The columns of a row in their order; no columns: plain numbers without names, none of them ever missing.

    >>> Schema((Column("price"), Column("shop", "category"))).names
    ('price', 'shop')
    """

    columns: Annotated[tuple[Column, ...], Meta(max_length=64)] = ()
    """With columns, NaN in a row means that the value is missing."""
    target: Literal["numeric", "category"] = "numeric"
    horizons: Annotated[tuple[Annotated[int, Meta(ge=1, le=1024)], ...], Meta(max_length=16)] = ()
    """Steps ahead that a forecast is wanted for; none: whatever the daemon's settings say."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)


PLAIN = Schema()
"""Rows of numbers."""


def category_code(text: str) -> float:
    """The number that a category, or a class, travels as: 24 bits of the CRC of its text.

    Two categories of one column share a code with probability 2⁻²⁴ a pair; they are then one to the learner.

    >>> category_code("red"), category_code("red") == category_code("green")
    (6381455.0, False)
    """
    return float(zlib.crc32(text.encode()) % CODES)
