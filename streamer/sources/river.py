"""The data sets that come with River, as sources; the package is wanted only when one is."""

import hashlib
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import Any

import msgspec
import numpy as np

from streamer.columns import Schema
from streamer.errors import DataError, UnavailableError
from streamer.samples import Block
from streamer.sources.tables.encoding import Encoding
from streamer.sources.tables.layout import lay_out
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tables.objects import Objects, flat
from streamer.sources.tables.source import Times
from streamer.sources.tables.survey import Survey
from streamer.sources.tables.values import Raw

_DEFINITION = "river/1"  # to be counted up if the same data set and options should ever give other rows
TARGET = "target"
"""The name that a data set's target gets; its features keep theirs."""


class RiverSource:
    """A data set by its name, such as `Phishing`, held in memory; a feature that is a moment is the time column."""

    def __init__(self, name: str, mapping: Mapping | None = None) -> None:
        self._name = f"river:{name}"
        self._data = _data_set(name)
        mapping = self._said(mapping or Mapping())
        form, survey = Objects(), Survey(mapping.no_values, mapping.time)
        for record in self._records():
            survey.add(form.names, form.arranged(record))
        self.layout = lay_out(self._name, form.names, mapping, survey)
        encoding = Encoding(form.names, self.layout, mapping.no_values)
        rows = [encoding.row(form.arranged(record)) for record in self._records()]
        self.classes = encoding.classes
        self.length = len(rows)
        self._block = Block(0, np.array([row.x for row in rows], np.float32), np.array([r.y for r in rows], np.float32))
        self._times: Times = np.array([row.time for row in rows])
        content = self._block.inputs.tobytes() + self._block.targets.tobytes()
        definition = f"{_DEFINITION} {name} {self.schema}".encode() + content
        self.epoch = hashlib.sha256(definition).hexdigest()[:32]

    @property
    def inputs(self) -> int:
        """Columns of a row, those made of the time among them."""
        return len(self.schema.columns)

    @property
    def schema(self) -> Schema:
        """The features' names and kinds."""
        return self.layout.schema

    def read(self, first: int, count: int) -> Block:
        """Any range of the rows."""
        return self._block.since(first).head(count)

    def read_timed(self, first: int, count: int) -> tuple[Block, Times]:
        """Any range of the rows, and the seconds since 1970 of each."""
        return self.read(first, count), self._times[first : first + count]

    def _said(self, mapping: Mapping) -> Mapping:
        moments = {name for record in self._records() for name, value in record.items() if isinstance(value, date)}
        time = mapping.time or min(moments, default=None)
        return msgspec.structs.replace(mapping, target=mapping.target or TARGET, time=time)

    def _records(self) -> Iterator[dict[str, Raw]]:
        """All of them, always to the end: River leaves its file open if one stops before."""
        several: Any = None
        for x, y in self._data:
            if isinstance(y, dict):
                several = y
            else:
                yield flat({str(name): value for name, value in x.items()} | {TARGET: y})
        if several is not None:
            expected = "one target of named features"
            raise DataError("it is no such table", file=self._name, got=f"targets like {several!r}", expected=expected)


def _data_set(name: str) -> Any:
    try:
        from river import datasets
    except ImportError:
        remedy = "install it: pip install 'streamer[river]'"
        raise UnavailableError(f"river:{name} is wanted, and River is not installed", remedy=remedy) from None
    known = sorted(found for found in datasets.__all__ if found[0].isupper())
    if name not in known:
        nearest = get_close_matches(name, known, 1)
        raise DataError(
            "there is no such data set in River",
            file=f"river:{name}",
            expected=f"one of {', '.join(known)}",
            remedy=f"write river:{nearest[0]}" if nearest else None,
        )
    data = getattr(datasets, name)()
    if not getattr(data, "is_downloaded", True):
        remedy = f'python -c "from river import datasets; datasets.{name}().download()"'
        raise UnavailableError(f"river:{name} is not on this machine", remedy=f"download it: {remedy}")
    return data
