"""CSV: a first line of names, then rows of as many cells; quoted cells may hold delimiters and line ends."""

import csv
from collections import Counter
from collections.abc import Iterator

from streamer.errors import DataError
from streamer.sources.tables.lines import Lines
from streamer.sources.tables.record import Record, shown
from streamer.sources.tables.values import is_number

OTHERS = (",", ";", "\t", "|")
"""Delimiters that a header of one column is searched for."""


class Delimited:
    """The names are those given, or else the first file's first line's."""

    def __init__(self, delimiter: str = ",", names: tuple[str, ...] = ()) -> None:
        self._delimiter = delimiter
        self._headless = bool(names)
        self.names = list(names)

    @property
    def definition(self) -> str:
        """How cells are told apart, and whether the first line is one of the rows."""
        return f"csv {self._delimiter!r} {self._headless}"

    def begin(self, lines: Lines) -> None:
        """Read the header; each file must have the same one."""
        if self._headless:
            return
        header = self._header(lines)
        if self.names and header != self.names:
            expected = f"the same columns as in the first file, {', '.join(self.names)}"
            raise DataError("another header", file=lines.name, line=1, got=", ".join(header), expected=expected)
        self.names = header

    def records(self, lines: Lines) -> Iterator[Record]:
        """Rows; empty lines are none."""
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        width = len(self.names)
        while True:
            offset, line = lines.offset, lines.number
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Record(offset, line, _malformed(error))
                lines.take_fault()
                continue
            fault = lines.take_fault()
            if fault is not None:
                yield Record(offset, line, fault)
            elif len(cells) == width:
                yield Record(offset, line, cells)  # type: ignore[arg-type]  # str are cells
            elif cells:
                yield Record(offset, line, self._ragged(cells))

    def _header(self, lines: Lines) -> list[str]:
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        try:
            cells = next((cells for cells in reader if cells), None)
        except csv.Error as error:
            raise _malformed(error).at(lines.name, 1) from None
        if (fault := lines.take_fault()) is not None:
            raise fault
        if cells is None:
            raise DataError("it is empty", file=lines.name, expected="a first line with the columns' names, then rows")
        self._check(cells, lines)
        return [cell.strip() or f"column{place}" for place, cell in enumerate(cells, 1)]

    def _check(self, cells: list[str], lines: Lines) -> None:
        others = [other for other in OTHERS if other != self._delimiter and other in cells[0]]
        if len(cells) == 1 and others:
            found = max(others, key=cells[0].count)
            raise DataError(
                "the header is one column",
                file=lines.name,
                line=lines.number,
                got=shown(cells[0]),
                expected=f"names with {self._delimiter!r} between them",
                remedy="give --delimiter " + ("tab" if found == "\t" else f"'{found}'"),
            )
        if any(is_number(cell) and not cell.strip().isalpha() for cell in cells):
            raise DataError(
                "the header is missing",
                file=lines.name,
                line=lines.number,
                got=shown(self._delimiter.join(cells)),
                expected="the columns' names",
                remedy=f"put them into a first line, or give --names with {len(cells)} of them",
            )
        twice = [name for name, count in Counter(cell.strip() for cell in cells).items() if count > 1 and name]
        if twice:
            raise DataError("two columns of one name", file=lines.name, line=lines.number, column=twice[0])

    def _ragged(self, cells: list[str]) -> DataError:
        return DataError(
            "a row of another length",
            got=f"{len(cells)} cells, {shown(self._delimiter.join(cells))}",
            expected=f"{len(self.names)}, one for each of {', '.join(self.names[:8])}"
            + (", …" if len(self.names) > 8 else ""),
            remedy="mend the row, or leave such rows out with --on-bad-row skip",
        )


def _malformed(error: csv.Error) -> DataError:
    return DataError(
        "it is not CSV here",
        got=str(error),
        expected="cells, those with quotes or line ends in them quoted",
        remedy="end lines with a line feed: tr '\\r' '\\n'"
        if "new-line character" in str(error)
        else "look for a quote that is not closed",
    )
