"""A pipe as a table: its columns are found from its first row, and each row comes when it comes."""

import gzip
from collections.abc import Iterator
from io import BufferedReader
from typing import cast

from streamer.errors import DataError
from streamer.sources.tables.delimited import Delimited
from streamer.sources.tables.encoding import Encoding, Row
from streamer.sources.tables.layout import Layout, lay_out
from streamer.sources.tables.lines import Lines
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tables.objects import Objects
from streamer.sources.tables.record import Format
from streamer.sources.tables.survey import Survey
from streamer.sources.tables.values import Raw

_GZIP = b"\x1f\x8b"


class LiveTable:
    """Rows out of bytes that are read once. JSON's keys that the first row has not are not used; `unknown` tells them.

    `content` is read by whoever asks for `events`, and no further than that.
    """

    def __init__(self, content: BufferedReader, name: str, mapping: Mapping | None = None) -> None:
        self._content = content
        self._name = name
        self._mapping = mapping or Mapping()
        self._objects: Objects | None = None
        self.classes: dict[float, str] = {}
        """The texts of the target's classes by the numbers that they travel as."""

    @property
    def unknown(self) -> set[str]:
        """Keys that came after the first row and were not there."""
        return set(self._objects.unknown) if self._objects else set()

    def events(self) -> Iterator[Layout | Row | DataError]:
        """The layout, then rows; wrong ones come as errors. Waits for the pipe. DataError if it is no table."""
        lines, form = self._opened()
        form.begin(lines)
        encoding: Encoding | None = None
        for _, line, cells in form.records(lines):
            if isinstance(cells, DataError):
                yield cells.at(self._name, line + 1)
                continue
            if encoding is None:
                layout = self._layout(form, cells)
                encoding = Encoding(form.names, layout, self._mapping.no_values)
                self.classes = encoding.classes
                yield layout
            try:
                yield encoding.row(cells)
            except DataError as error:
                yield error.at(self._name, line + 1)

    def _opened(self) -> tuple[Lines, Format]:
        content = self._content
        if content.peek(2).startswith(_GZIP):
            content = cast("BufferedReader", gzip.GzipFile(fileobj=content))
        if not content.peek(1):
            expected = "CSV with a first line of names, or JSON lines"
            raise DataError("it is empty", file=self._name, expected=expected)
        begun = content.peek(1).lstrip()[:1]
        jsonl = self._mapping.format == "jsonl" if self._mapping.format else begun == b"{"
        form: Format = Objects() if jsonl else Delimited(self._mapping.delimiter or ",", self._mapping.names)
        self._objects = form if isinstance(form, Objects) else None
        return Lines(content, self._name), form

    def _layout(self, form: Format, cells: list[Raw]) -> Layout:
        survey = Survey(self._mapping.no_values, self._mapping.time)
        survey.add(form.names, cells)
        if isinstance(form, Objects):
            form.closed = True
        return lay_out(self._name, form.names, self._mapping, survey, whole=False)
