"""JSON lines: one object a line. Objects and lists inside it become columns of their own, one level deep.

{"shop": "north", "at": {"lat": 47.1}, "x": [1, 2]}   ─►   shop, at.lat, x.0, x.1
"""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from streamer.errors import DataError
from streamer.sources.tables.lines import Lines
from streamer.sources.tables.record import Record, shown
from streamer.sources.tables.values import Raw

MAX_NAMES = 1024
"""Keys in all; more than this and something else than names is used as keys."""
_REMEDY = "of one list of objects, jq -c '.[]' makes lines"
_EXPECTED = 'an object like {"price": 2.5, "shop": "north"}'


class Objects:
    """The names are the keys in the order in which they were found. Until it is `closed`, new keys become names."""

    definition = "jsonl"

    def __init__(self) -> None:
        self.names: list[str] = []
        self.closed = False
        self.unknown: set[str] = set()
        """Keys that came when it was closed; their values are not used."""
        self._places: dict[str, int] = {}

    def begin(self, lines: Lines) -> None:
        """Nothing: each line says all about itself."""

    def records(self, lines: Lines) -> Iterator[Record]:
        """Rows; empty lines are none, and a key that is not there is a missing value."""
        while True:
            offset, number = lines.offset, lines.number
            line = next(lines, None)
            if line is None:
                return
            if not line.strip():
                continue
            fault = lines.take_fault()
            yield Record(offset, number, fault or self.cells(line))

    def cells(self, line: str) -> list[Raw] | DataError:
        """A line's cells in the order of the names."""
        found = _parsed(line)
        if isinstance(found, DataError):
            return found
        try:
            return self.arranged(flat(found))
        except DataError as error:
            return error

    def arranged(self, found: dict[str, Raw]) -> list[Raw]:
        """Values by name as cells; DataError for more names than there may be."""
        cells: list[Raw] = [None] * len(self.names)
        for name, value in found.items():
            place = self._places.get(name)
            if place is not None:
                cells[place] = value
            elif self.closed:
                self._note(name)
            else:
                self._add(name)
                cells.append(value)
        return cells

    def _add(self, name: str) -> None:
        if len(self.names) == MAX_NAMES:
            raise DataError("too many keys", got=shown(name), expected=f"at most {MAX_NAMES} of them in all")
        self._places[name] = len(self.names)
        self.names.append(name)

    def _note(self, name: str) -> None:
        if len(self.unknown) < MAX_NAMES:
            self.unknown.add(name)


def flat(found: dict[str, Any]) -> dict[str, Raw]:
    """An object with those inside it laid out by dots, one level; DataError for what is deeper.

    >>> flat({"a": 1, "at": {"lat": 2.5}, "x": [3, None]})
    {'a': 1, 'at.lat': 2.5, 'x.0': 3, 'x.1': None}
    """
    cells: dict[str, Raw] = {}
    for name, value in found.items():
        if isinstance(value, dict):
            inner = {f"{name}.{key}": part for key, part in value.items()}
        elif isinstance(value, list):
            inner = {f"{name}.{place}": part for place, part in enumerate(value)}
        else:
            cells[name] = value
            continue
        deeper = next((key for key, part in inner.items() if isinstance(part, dict | list)), None)
        if deeper is not None:
            expected = "numbers, texts, true, false or null at most one level deep"
            raise DataError("nested too deep", column=deeper, got=shown(inner[deeper]), expected=expected)
        cells |= inner
    return cells


def _parsed(line: str) -> dict[str, Any] | DataError:
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        found = _with_nan(line) if "NaN" in line else None
        if found is None:
            return DataError(
                "it is not JSON here", got=f"{shown(line.strip())}, {error}", expected=_EXPECTED, remedy=_REMEDY
            )
    if not isinstance(found, dict):
        return DataError("a line is not an object", got=shown(line.strip()), expected=_EXPECTED, remedy=_REMEDY)
    return found


def _with_nan(line: str) -> Any:
    """What Python and others write for a value that is missing, and JSON does not know."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
