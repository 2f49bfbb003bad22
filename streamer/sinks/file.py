"""A file of predictions that is gone on with: no number is in it twice, whoever was killed in the middle of a line."""

import os
from collections.abc import Callable

from streamer.errors import DataError, StoppedError
from streamer.sinks.lines import Csv, LineFormat, Ndjson
from streamer.sinks.reading import fields_of
from streamer.sinks.sink import Predicted

STDOUT = "-"
TAIL_BYTES = 65_536
"""Read of a file that is there already."""
COMPARED = 64
"""Its last lines, whose targets must be those of the log that is gone on with."""
Targets = Callable[[int, int], Predicted]
"""The log's targets from a number on, so many; their rows do not matter."""


class PredictionFile:
    """Appends lines to a file, or writes them to stdout for the path `-`. A name that ends in .csv makes it CSV.

    What is written is handed to the operating system at once; a loss of power may take the last lines.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._format: LineFormat = Csv() if path.lower().endswith(".csv") else Ndjson()
        self._tail: list[tuple[int, str]] = []
        self._descriptor = 1 if path == STDOUT else self._open()
        self._fresh = path == STDOUT or not self._whole_lines()
        self.next = self._tail[-1][0] + 1 if self._tail else 0
        self.written = 0

    def continues(self, targets: Targets | None) -> None:
        """DataError if the file holds predictions of another log; None is the log of a pipe, which is always new."""
        last = _run_at_the_end(self._tail[-COMPARED:])
        if not last:
            return
        first = last[0][0]
        found = [] if targets is None else list(fields_of(targets(first, len(last))))
        expected = [(fields["number"], _text(fields["target"])) for fields in found]
        if expected != last:
            raise DataError(
                "it holds predictions of other data",
                file=self._path,
                got=f"sample {last[-1][0]}, target {last[-1][1] or 'none'}",
                expected="a file that is not there yet, or one that this stream was written to before",
                remedy="move it away, or give --predictions another name",
            )

    def write(self, predicted: Predicted) -> None:
        """Append those that are not in the file."""
        predicted = predicted.since(self.next)
        if not len(predicted):
            return
        self._put(self._format.lines(predicted, fresh=self._fresh).encode())
        self._fresh = False
        self.next = predicted.first + len(predicted)
        self.written += len(predicted)

    def close(self) -> None:
        """Close the file; stdout stays open."""
        if self._path != STDOUT:
            os.close(self._descriptor)

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        except OSError as error:
            raise DataError("predictions cannot be written", file=self._path, got=error.strerror) from None

    def _put(self, content: bytes) -> None:
        try:
            while content:
                content = content[os.write(self._descriptor, content) :]
        except BrokenPipeError:
            raise StoppedError("whoever read the predictions has left") from None
        except OSError as error:
            raise StoppedError("predictions cannot be written", got=f"{self._path}: {error.strerror}") from None

    def _whole_lines(self) -> bool:
        """Cut off a line that is not whole, and read the last ones; whether there are any."""
        size = os.fstat(self._descriptor).st_size
        start = max(0, size - TAIL_BYTES)
        tail = os.pread(self._descriptor, TAIL_BYTES, start)
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail) and (whole or not start):
            os.ftruncate(self._descriptor, start + whole)
        lines = tail[:whole].splitlines()[1 if start else 0 :]
        for line in lines[1:] if isinstance(self._format, Csv) and not start else lines:
            self._tail.append(self._read(line))
        return bool(lines)

    def _read(self, line: bytes) -> tuple[int, str]:
        try:
            return self._format.read(line.decode())
        except ValueError:
            raise DataError(
                "it is no file of predictions",
                file=self._path,
                got=repr(line[:60].decode(errors="replace")),
                remedy="move it away, or give --predictions another name",
            ) from None


def _run_at_the_end(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The last lines whose numbers follow one another."""
    begin = len(lines)
    while begin and (begin == len(lines) or lines[begin - 1][0] + 1 == lines[begin][0]):
        begin -= 1
    return lines[begin:]


def _text(target: object) -> str:
    return "" if target is None else str(target)
