"""What a user says of a table: which columns are what. Whatever is not said is found out from the data."""

import tomllib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from streamer.errors import DataError

MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?")
"""Texts that stand for no value unless the user says which ones do."""

FormatName = Literal["csv", "jsonl"]
Names = tuple[Annotated[str, Meta(min_length=1)], ...]


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """Roles of columns, by their names.

    >>> Mapping(target="price", ignore=("id",)).target
    'price'
    """

    target: str | None = None
    """None: the column `target` or `y`, if there is one."""
    inputs: Names = ()
    """None: all but target, time and those ignored."""
    ignore: Names = ()
    time: str | None = None
    category: Names = ()
    """Categories, though their values may look like numbers."""
    numeric: Names = ()
    """Numbers, whatever the first values look like."""
    missing: tuple[str, ...] = MISSING
    """The empty text is always one of them."""
    forecast: Annotated[tuple[Annotated[int, Meta(ge=1, le=1024)], ...], Meta(max_length=16)] = ()
    """Steps ahead; the target is then the series itself, and its value now an input."""
    format: FormatName | None = None
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] | None = None
    names: Names = ()
    """Of the columns of a CSV file without a header."""

    @property
    def no_values(self) -> frozenset[str]:
        """Texts that stand for no value."""
        return frozenset({"", *self.missing})


def load_mapping(path: str) -> Mapping:
    """The mapping that a TOML file says; DataError if it cannot be read or says something else."""
    try:
        with open(path, "rb") as file:
            return msgspec.convert(tomllib.load(file), Mapping)
    except OSError as error:
        raise DataError("the file of columns cannot be read", file=path, got=error.strerror) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("the file of columns is not TOML", file=path, got=str(error)) from None
    except msgspec.ValidationError as error:
        known = ", ".join(Mapping.__struct_fields__)
        raise DataError("the file of columns is wrong", file=path, got=str(error), expected=f"any of {known}") from None


def merged(under: Mapping, over: Mapping) -> Mapping:
    """Two mappings as one; what the second says goes.

    >>> mapping = merged(Mapping(target="a", time="t"), Mapping(target="b"))
    >>> mapping.target, mapping.time
    ('b', 't')
    """
    plain = Mapping()
    said = {name: getattr(over, name) for name in Mapping.__struct_fields__}
    return msgspec.structs.replace(under, **{n: value for n, value in said.items() if value != getattr(plain, n)})
