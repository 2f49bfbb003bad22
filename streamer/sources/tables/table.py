"""Files as one table: their records from the beginning, or from any place that was come by before."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from streamer.errors import DataError
from streamer.sources.tables.files import open_bytes, signature
from streamer.sources.tables.lines import Lines
from streamer.sources.tables.record import Format
from streamer.sources.tables.values import Raw


class Place(NamedTuple):
    """In front of a record: which file, and how many of its bytes and lines are before it."""

    file: int = 0
    offset: int = 0
    line: int = 0


BEGINNING = Place()


class Table:
    """Reads files one after the other. They must not change while it does: a log stays what it is."""

    def __init__(self, files: list[Path], form: Format) -> None:
        self.files = files
        self.format = form
        self._signatures = [signature(file) for file in files]

    def records(self, place: Place = BEGINNING) -> Iterator[tuple[Place, list[Raw] | DataError]]:
        """Each record from a place on, with its own place; what is wrong with one names file and line."""
        for number in range(place.file, len(self.files)):
            yield from self._of_file(number, place if number == place.file else Place(number))

    def check_unchanged(self, number: int) -> None:
        """DataError if a file is another one than at the beginning."""
        if signature(self.files[number]) != self._signatures[number]:
            raise DataError(
                "it has changed while it was read",
                file=str(self.files[number]),
                expected="a file that stays as it is, so that each row keeps its number",
                remedy="start again; for a file that grows: tail -n +1 -f FILE | streamer produce -",
            )

    def digest(self) -> str:
        """64 hex digits of the content of all files, decompressed."""
        whole = hashlib.sha256()
        for file in self.files:
            with open_bytes(file) as content:
                whole.update(hashlib.file_digest(content, "sha256").digest())
        return whole.hexdigest()

    def _of_file(self, number: int, place: Place) -> Iterator[tuple[Place, list[Raw] | DataError]]:
        name = str(self.files[number])
        with closing(open_bytes(self.files[number])) as content:
            content.seek(place.offset)
            lines = Lines(content, name, offset=place.offset, number=place.line)
            if not place.offset:
                self.format.begin(lines)
            for offset, line, cells in self.format.records(lines):
                found = cells.at(name, line + 1) if isinstance(cells, DataError) else cells
                yield Place(number, offset, line), found
