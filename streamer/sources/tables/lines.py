"""Lines of UTF-8 text out of bytes, each with where it began, so that a reader can come back to it."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from streamer.errors import DataError

MAX_LINE_BYTES = 1_048_576
"""Far more than 64 columns need; keeps a file without line ends from the memory."""
_BOM = b"\xef\xbb\xbf"


class Lines:
    """An iterator over lines with their ends; `offset` and `number` tell how far it has come, in bytes and lines.

    A line that is no text comes with its wrong bytes replaced, and leaves a `fault`; a file that breaks off is an
    error.
    """

    def __init__(self, file: BinaryIO, name: str, *, offset: int = 0, number: int = 0) -> None:
        self._file = file
        self.name = name
        self.offset = offset
        self.number = number
        self._fault: DataError | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._read()
        if not line:
            raise StopIteration
        if not self.offset:
            self._whole_of(line)
        self.offset += len(line)
        self.number += 1
        if len(line) > MAX_LINE_BYTES:
            self._skip_line(line)
        try:
            return (line.removeprefix(_BOM) if self.number == 1 else line).decode()
        except UnicodeDecodeError as error:
            self._keep(_not_utf8(error))
            return line.decode(errors="replace")

    def take_fault(self) -> DataError | None:
        """What was wrong with the bytes of the lines since the last time it was asked for."""
        fault, self._fault = self._fault, None
        return fault

    def _read(self) -> bytes:
        try:
            return self._file.readline(MAX_LINE_BYTES + 1)
        except (EOFError, OSError, zlib.error) as error:
            raise DataError(
                "it breaks off, or is damaged",
                file=self.name,
                line=self.number + 1,
                got=str(error),
                expected="a whole file",
                remedy="get it again; `gzip -t` tells whether a compressed file is whole",
            ) from None

    def _whole_of(self, line: bytes) -> None:
        if line.startswith((b"\xff\xfe", b"\xfe\xff")):
            self._keep(
                DataError(
                    "it is UTF-16",
                    line=1,
                    got=repr(line[:4]),
                    expected="UTF-8",
                    remedy="convert it: iconv -f UTF-16 -t UTF-8",
                )
            )

    def _skip_line(self, line: bytes) -> None:
        expected = f"at most {MAX_LINE_BYTES:,} bytes"
        self._keep(DataError("a line is too long", line=self.number, got=repr(line[:40]), expected=expected))
        while line and not line.endswith(b"\n"):
            line = self._read()
            self.offset += len(line)

    def _keep(self, fault: DataError) -> None:
        if self._fault is None:
            self._fault = fault.at(self.name, self.number)


def _not_utf8(error: UnicodeDecodeError) -> DataError:
    wrong = error.object[error.start]
    return DataError(
        "it is not UTF-8 here",
        got=f"byte {wrong:#04x} as byte {error.start + 1} of the line",
        expected="UTF-8",
        remedy="convert it, for example with iconv -f LATIN1 -t UTF-8",
    )
