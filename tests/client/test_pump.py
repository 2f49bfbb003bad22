"""Rows of a pipe on their way into a log: none is lost, none comes twice, and a full log makes the pipe wait."""

import threading
from collections.abc import Iterator

import pytest

from streamer.client.log import BufferLog
from streamer.client.pump import Pump
from streamer.columns import Column, Schema
from streamer.errors import DataError
from streamer.sources.tables.badrows import BadRows
from streamer.sources.tables.encoding import Row
from streamer.sources.tables.layout import Layout

SCHEMA = Schema((Column("a"),))
LAYOUT = Layout((0,), 1, None, (), None, SCHEMA)
NAN = float("nan")


def never() -> bool:
    return False


def log_of(capacity: int) -> BufferLog:
    return BufferLog(1, capacity, SCHEMA)


def moved(pump: Pump, log: BufferLog, until: int) -> None:
    """Bounded by the test's own time limit."""
    while log.next < until and not log.ended:
        pump.move(log)


def rows(count: int) -> Iterator[Layout | Row | DataError]:
    yield LAYOUT
    for number in range(count):
        yield Row([float(number)], number % 2, NAN)


def test_all_rows_come_in_order_and_then_the_log_has_ended() -> None:
    pump, log = Pump(rows(3000), BadRows()), log_of(4000)
    assert pump.layout(never) == LAYOUT
    moved(pump, log, 3001)
    assert log.ended
    assert log.read(0, 4000).inputs[:, 0].tolist() == list(range(3000))


def test_a_full_log_takes_no_more_until_there_is_room() -> None:
    pump, log = Pump(rows(100), BadRows()), log_of(10)
    assert pump.layout(never) == LAYOUT
    moved(pump, log, 10)
    assert pump.move(log) > 0
    assert log.next == 10
    log.forget(7)
    moved(pump, log, 17)
    assert log.read(7, 10).inputs[:, 0].tolist() == list(range(7, 17))


def test_missing_values_go_through_a_log_of_named_columns() -> None:
    pump, log = Pump(iter([LAYOUT, Row([NAN], NAN, NAN)]), BadRows()), log_of(10)
    assert pump.layout(never) == LAYOUT
    moved(pump, log, 1)
    assert log.read(0, 1).inputs.tolist() == [[pytest.approx(NAN, nan_ok=True)]]


def test_a_wrong_row_ends_it_or_is_left_out() -> None:
    events: list[Layout | Row | DataError] = [
        LAYOUT,
        Row([1.0], 0, NAN),
        DataError("no row", line=3),
        Row([2.0], 0, NAN),
    ]
    pump, log = Pump(iter(events), BadRows("skip")), log_of(10)
    assert pump.layout(never) == LAYOUT
    moved(pump, log, 3)
    assert log.read(0, 9).inputs[:, 0].tolist() == [1, 2]
    pump, log = Pump(iter(events), BadRows("stop")), log_of(10)
    assert pump.layout(never) == LAYOUT
    moved(pump, log, 3)
    assert (log.next, log.ended) == (1, True)
    with pytest.raises(DataError, match="line 3: no row"):
        pump.check()


def test_what_ends_the_reading_is_told_after_the_rows_before_it() -> None:
    def broken() -> Iterator[Layout | Row | DataError]:
        yield from rows(2)
        raise DataError("it breaks off", file="stdin")

    pump, log = Pump(broken(), BadRows("skip")), log_of(10)
    assert pump.layout(never) == LAYOUT
    moved(pump, log, 3)
    assert (log.next, log.ended) == (2, True)
    with pytest.raises(DataError, match="it breaks off"):
        pump.check()


def test_one_that_is_stopped_takes_what_was_read_and_ends() -> None:
    release = threading.Event()

    def slow() -> Iterator[Layout | Row | DataError]:
        yield from rows(5)
        release.wait()
        yield Row([5.0], 0, NAN)

    pump, log = Pump(slow(), BadRows()), log_of(3)
    assert pump.layout(never) == LAYOUT
    moved(pump, log, 3)
    pump.stop()
    pump.move(log)
    assert not log.ended  # the log is full: what was read is still to come
    log.forget(3)
    moved(pump, log, 6)
    assert (log.ended, log.next) == (True, 5)
    release.set()


def test_waiting_for_the_first_row_ends_when_it_is_to_stop() -> None:
    release = threading.Event()

    def silent() -> Iterator[Layout | Row | DataError]:
        release.wait()
        yield from ()

    looks = iter([False, True])
    assert Pump(silent(), BadRows()).layout(lambda: next(looks)) is None
    release.set()
