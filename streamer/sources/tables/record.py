"""One row as a format reads it: where it began, and its cells, or why it is none."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from streamer.errors import DataError
from streamer.sources.tables.lines import Lines
from streamer.sources.tables.values import Raw


class Record(NamedTuple):
    """A row with `offset` bytes and `line` lines before it."""

    offset: int
    line: int
    cells: list[Raw] | DataError


class Format(Protocol):
    """Lines as records; with `names` of the cells, in their order."""

    names: list[str]

    @property
    def definition(self) -> str:
        """What makes other rows of the same bytes."""
        ...

    def begin(self, lines: Lines) -> None:
        """Take what stands at the beginning of each file; DataError if it is not what it should be."""
        ...

    def records(self, lines: Lines) -> Iterator[Record]:
        """The rows that follow; one that cannot be read comes as an error."""
        ...


def shown(text: object) -> str:
    """The beginning of what was found, for a person.

    >>> shown("a" * 99)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'"
    """
    words = str(text)
    return repr(words if len(words) <= 41 else words[:40] + "…")
