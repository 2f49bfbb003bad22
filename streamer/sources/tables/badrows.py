"""What becomes of rows that cannot be taken: the first one ends it, or they are left out, counted and written down."""

import json
from typing import Literal, TextIO

from streamer.errors import DataError

OnBadRow = Literal["stop", "skip"]


class BadRows:
    """With a `path`, rows left out are written there, one JSON object a line; the file is made for the first one."""

    def __init__(self, policy: OnBadRow = "stop", path: str | None = None) -> None:
        self._skips = policy == "skip"
        self._path = path
        self._file: TextIO | None = None
        self.count = 0

    def take(self, error: DataError) -> None:
        """One more, or the error itself if none may be."""
        if not self._skips:
            raise error
        self.count += 1
        if self._path is not None:
            self._write(error, self._path)

    def close(self) -> None:
        """What is written is in the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, error: DataError, path: str) -> None:
        facts = {
            "file": error.file,
            "line": error.line,
            "column": error.column,
            "problem": error.problem,
            "got": None if error.got is None else str(error.got),
            "expected": error.expected,
        }
        try:
            self._file = self._file or open(path, "w", encoding="utf-8")  # noqa: SIM115
            self._file.write(json.dumps(facts, ensure_ascii=False) + "\n")
        except OSError as cause:
            remedy = "give --bad-rows a file that can be written"
            raise DataError("bad rows cannot be written down", file=path, got=cause.strerror, remedy=remedy) from None
