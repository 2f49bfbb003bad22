"""Every error the project raises on purpose, split by what the caller should do about it.

    StreamerError
    ├── StartError               refuse to start, and tell the user what to mend
    │   ├── SettingsError            settings that are unknown, wrong or impossible (lists every fault)
    │   ├── UnavailableError         a port, a directory or an engine that cannot be had
    │   ├── DataError                somebody's file or pipe that cannot be taken as it is (names file, line, column)
    │   └── IncompatibleError        a snapshot made with other settings or another version
    ├── RefusedError             skip this input, count it by its reason, go on
    │   ├── FrameError               bytes that are not a frame of ours
    │   └── SampleError              numbers that the learner cannot take
    ├── CorruptError             roll back: what is stored is not what was written; use the one before
    └── StoppedError             stop: the other side says that going on would do harm

Each carries its data and composes one message: what happened, got, expected, do this.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class StreamerError(Exception):
    """Base of all errors raised on purpose; `str()` is fit to show to a user."""

    def __init__(
        self, what: str, *, got: object = None, expected: str | None = None, remedy: str | None = None
    ) -> None:
        self.what = what
        self.got = got
        self.expected = expected
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        parts = [self.what]
        if self.got is not None:
            parts.append(f"got: {self.got}")
        if self.expected is not None:
            parts.append(f"expected: {self.expected}")
        if self.remedy is not None:
            parts.append(f"do this: {self.remedy}")
        return "; ".join(parts)


class StartError(StreamerError):
    """Refuse to start."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one setting: where it is, what is wrong, how to mend it."""

    setting: str
    problem: str
    remedy: str
    origin: str = ""

    def __str__(self) -> str:
        origin = f" (from {self.origin})" if self.origin else ""
        return f"{self.setting}{origin}: {self.problem}; do this: {self.remedy}"


class SettingsError(StartError):
    """One or more settings cannot be used; `faults` lists all of them, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(f"{count} setting{'s' if count != 1 else ''} cannot be used")

    def __str__(self) -> str:
        return "\n  ".join([f"{self.what}:", *map(str, self.faults)])


class UnavailableError(StartError):
    """Something outside the program that it needs cannot be had."""


class DataError(StartError):
    """Data that cannot be taken as they are; the message begins with the file, the line and the column.

    >>> str(DataError("text in a numeric column", file="a.csv", line=17, column="price", got="'abc'"))
    "a.csv, line 17, column 'price': text in a numeric column; got: 'abc'"
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str = "",
        line: int | None = None,
        column: str | None = None,
        got: object = None,
        expected: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem, self.file, self.line, self.column = problem, file, line, column
        place = [file, "" if line is None else f"line {line}", "" if column is None else f"column {column!r}"]
        where = ", ".join(filter(None, place))
        super().__init__(f"{where}: {problem}" if where else problem, got=got, expected=expected, remedy=remedy)

    def at(self, file: str, line: int) -> "DataError":
        """The same error, found in a line of a file."""
        return DataError(
            self.problem,
            file=self.file or file,
            line=line if self.line is None else self.line,
            column=self.column,
            got=self.got,
            expected=self.expected,
            remedy=self.remedy,
        )


class IncompatibleError(StartError):
    """A snapshot does not fit the settings; the message names what differs."""


class RefusedError(StreamerError):
    """Skip this input and go on. `reason` is one of a few fixed words, fit for a counter's label."""

    def __init__(
        self,
        what: str,
        *,
        reason: str,
        got: object = None,
        expected: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.reason = reason
        super().__init__(what, got=got, expected=expected, remedy=remedy)


class FrameError(RefusedError):
    """Bytes that are not a frame of the protocol."""


class SampleError(RefusedError, ValueError):
    """Numbers that a learner cannot take; the learner is unchanged."""


class CorruptError(StreamerError):
    """What was read back is not what was written."""


class StoppedError(StreamerError):
    """The other side has told this one to stop."""
