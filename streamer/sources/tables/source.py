"""CSV and JSON lines as a source: the rows of files, numbered; the same files give the same log."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from streamer.columns import Schema
from streamer.errors import DataError
from streamer.samples import Block
from streamer.sources.tables.badrows import BadRows
from streamer.sources.tables.delimited import Delimited
from streamer.sources.tables.encoding import Encoding, Row
from streamer.sources.tables.files import FORMATS, files_of, suffix_of
from streamer.sources.tables.layout import Layout, lay_out
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tables.objects import Objects
from streamer.sources.tables.record import Format
from streamer.sources.tables.survey import Survey
from streamer.sources.tables.table import Place, Table

_DEFINITION = "table/1"  # to be counted up if the same files and options should ever give other rows
EVERY = 4096
"""Rows between one place that is kept and the next: what is read in vain at most to come to a row."""
Looked = Callable[[int], None]
"""Called with the number of rows that a look at the files has seen so far, now and then; may raise."""
Times = npt.NDArray[np.float64]


class TableSource:
    """Rows of a file, or of a directory's files by name, as a log.

    Opening it reads the files whole: for their columns, each row's number, every wrong row, and a hash of them. After
    that it holds one place in 4,096 rows and reads the rest again as it is wanted. Rows left out have no number.
    `looked` is called while it looks.
    """

    def __init__(
        self,
        path: str,
        mapping: Mapping | None = None,
        bad_rows: BadRows | None = None,
        looked: Looked = lambda rows: None,
    ) -> None:
        mapping, bad_rows = mapping or Mapping(), bad_rows or BadRows()
        files = files_of(path)
        self._table = Table(files, format_of(mapping, files[0]))
        self.layout = _layout(path, self._table, mapping, looked)
        self._encoding = Encoding(self._table.format.names, self.layout, mapping.no_values)
        self._places: list[Place] = []
        self.length = self._number_rows(bad_rows, looked)
        if not self.length:
            raise DataError("there are no rows that can be taken", file=path, got=f"{bad_rows.count} others")
        self.epoch = self._epoch(mapping)
        for number in range(len(files)):
            self._table.check_unchanged(number)
        self._rows: Iterator[Row] = iter(())
        self._next = -1
        self._file = 0

    @property
    def inputs(self) -> int:
        """Columns of a row, those made of the time among them."""
        return len(self.schema.columns)

    @property
    def schema(self) -> Schema:
        """The columns' names and kinds."""
        return self.layout.schema

    @property
    def classes(self) -> dict[float, str]:
        """The texts of the target's classes by the numbers that they travel as, if the target is text."""
        return self._encoding.classes

    def read(self, first: int, count: int) -> Block:
        """Any range of the rows."""
        return self.read_timed(first, count)[0]

    def read_timed(self, first: int, count: int) -> tuple[Block, Times]:
        """Any range of the rows, and the seconds since 1970 of each (T,), NaN where the table says none."""
        first, end = min(first, self.length), min(first + count, self.length)
        rows = self._range(first, end - first) if end > first else []
        xs = np.array([row.x for row in rows], np.float32).reshape(len(rows), self.inputs)
        ys = np.array([row.y for row in rows], np.float32)
        return Block(first, xs, ys), np.array([row.time for row in rows], np.float64)

    def _range(self, first: int, count: int) -> list[Row]:
        if first != self._next:
            self._rows = self._good(self._places[first // EVERY])
            next(islice(self._rows, first % EVERY, first % EVERY), None)
        rows = list(islice(self._rows, count))
        self._table.check_unchanged(self._file)
        self._next = first + count
        if len(rows) < count:
            raise DataError("it has fewer rows than before", file=str(self._table.files[-1]))
        return rows

    def _good(self, place: Place) -> Iterator[Row]:
        """The rows from a place on, without those that were found wrong at the opening."""
        for found, cells in self._table.records(place):
            self._file = found.file
            if not isinstance(cells, DataError):
                try:
                    yield self._encoding.row(cells)
                except DataError:
                    continue

    def _number_rows(self, bad_rows: BadRows, looked: Looked) -> int:
        count = 0
        for place, cells in self._table.records():
            try:
                if isinstance(cells, DataError):
                    raise cells
                self._encoding.read(cells)
            except DataError as error:
                bad_rows.take(error.at(str(self._table.files[place.file]), place.line + 1))
                continue
            if count % EVERY == 0:
                self._places.append(place)
                looked(count)
            count += 1
        bad_rows.close()
        return count

    def _epoch(self, mapping: Mapping) -> str:
        said = f"{self._table.format.definition} {self._table.format.names} {sorted(mapping.no_values)}"
        definition = f"{_DEFINITION} {said} {self.layout.definition} {self._table.digest()}"
        return hashlib.sha256(definition.encode()).hexdigest()[:32]


def format_of(mapping: Mapping, file: Path) -> Format:
    """How a file is to be read: as the user says, or as its name does."""
    suffix = suffix_of(file)
    name = mapping.format or FORMATS.get(suffix)
    if name is None:
        expected = f"a name that ends in {', '.join(FORMATS)}, perhaps with .gz behind"
        raise DataError(
            "its name does not say what is in it",
            file=str(file),
            expected=expected,
            remedy="give --format csv or jsonl",
        )
    if name == "jsonl":
        return Objects()
    return Delimited(mapping.delimiter or ("\t" if suffix == ".tsv" else ","), mapping.names)


def _layout(path: str, table: Table, mapping: Mapping, looked: Looked) -> Layout:
    """What one look at the files tells; as far as all of them where something may still come to light."""
    survey, form = Survey(mapping.no_values, mapping.time), table.format
    wrong: DataError | None = None
    for _, cells in table.records():
        if isinstance(cells, DataError):
            wrong = wrong or cells
            continue
        survey.add(form.names, cells)
        if survey.rows % EVERY == 0:
            looked(survey.rows)
        if survey.complete and isinstance(form, Delimited):
            break
    if not survey.rows:
        raise wrong or DataError("there are no rows", file=path)
    if isinstance(form, Objects):
        form.closed = True
    return lay_out(path, form.names, mapping, survey)
