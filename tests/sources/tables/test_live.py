"""Rows out of a pipe: found out from the first one, each given when it comes."""

import gzip
import io
import math
import os

import pytest

from streamer.columns import Column, category_code
from streamer.cycles import cycle_columns
from streamer.errors import DataError
from streamer.sources.tables.encoding import Row
from streamer.sources.tables.layout import Layout
from streamer.sources.tables.live import LiveTable
from streamer.sources.tables.mapping import Mapping


def table_of(content: bytes, mapping: Mapping | None = None) -> LiveTable:
    return LiveTable(io.BufferedReader(io.BytesIO(content)), "stdin", mapping)


@pytest.mark.parametrize(
    "content",
    [b"a,shop,y\n1,n,0\n2,s,1\n", b'{"a": 1, "shop": "n", "y": 0}\n{"y": true, "shop": "s", "a": 2}\n'],
    ids=["csv", "jsonl"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_it_is_is_seen_from_how_it_begins(content: bytes, packed: bool) -> None:
    layout, *rows = table_of(gzip.compress(content) if packed else content).events()
    assert isinstance(layout, Layout)
    assert layout.schema.columns == (Column("a"), Column("shop", "category"))
    assert [(row.x, row.y) for row in rows if isinstance(row, Row)] == [
        ([1, category_code("n")], 0),
        ([2, category_code("s")], 1),
    ]


def test_a_row_is_given_before_the_next_one_is_there() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as content, open(writing, "wb", buffering=0) as pipe:
        events = LiveTable(content, "stdin").events()
        pipe.write(b'{"a": 1, "y": 0}\n')
        assert isinstance(next(events), Layout)
        row = next(events)
        assert isinstance(row, Row)
        assert (row.x, row.y, math.isnan(row.time)) == ([1], 0, True)
        pipe.write(b'{"a": 2, "y": 1}\n')
        row = next(events)
        assert isinstance(row, Row)
        assert (row.x, row.y) == ([2], 1)


def test_keys_that_the_first_row_has_not_are_not_used_and_are_told() -> None:
    table = table_of(b'{"a": 1, "y": 0}\n{"a": 2, "b": 5, "y": 1}\n{"y": 1}\n')
    _, *rows = table.events()
    assert [row.x for row in rows if isinstance(row, Row)] == [[1], [2], [pytest.approx(math.nan, nan_ok=True)]]
    assert table.unknown == {"b"}


def test_wrong_rows_come_as_errors_in_their_places() -> None:
    events = list(table_of(b"a,y\n1\n1,0\nx,1\n2,1\n").events())
    kinds = [type(event) for event in events]
    assert kinds == [DataError, Layout, Row, DataError, Row]
    assert [(e.line, e.column) for e in events if isinstance(e, DataError)] == [(2, None), (4, "a")]


def test_a_pipe_whose_length_nobody_knows_has_all_cycles_of_time_those_too_fast_for_its_rows_missing() -> None:
    rows = "".join(f"{month * 30 * 86_400},1,0\n" for month in (0, 1, 1))
    layout, *found = table_of(b"when,a,y\n" + rows.encode(), Mapping(time="when")).events()
    assert isinstance(layout, Layout)
    assert layout.schema.names[1:] == tuple(column.name for column in cycle_columns("when"))
    told = [[not math.isnan(value) for value in row.x[1:]] for row in found if isinstance(row, Row)]
    assert [sum(values) for values in told] == [0, 6, 6]  # the year, from the second row on


def test_an_empty_pipe_is_told() -> None:
    with pytest.raises(DataError, match="stdin: it is empty"):
        list(table_of(b"").events())
