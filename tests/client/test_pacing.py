"""A log at its recorded pace. Time is made up."""

import numpy as np
import pytest

from streamer.client.pacing import LONGEST_SECONDS, PacedLog
from streamer.samples import Block
from streamer.sources.arrays import ArraySource

NAN = float("nan")


class Recorded(ArraySource):
    def __init__(self, times: list[float]) -> None:
        super().__init__(np.arange(len(times))[:, None], np.zeros(len(times)))
        self.times = np.array(times)

    def read_timed(self, first: int, count: int) -> tuple[Block, np.ndarray]:
        return self.read(first, count), self.times[first : first + count]


def offered(log: PacedLog, position: int, looks: list[float]) -> list[int]:
    numbers = []
    for now in looks:
        log.advance(position, now)
        numbers.append(log.next)
    return numbers


def test_a_sample_is_offered_when_its_time_has_come() -> None:
    log = PacedLog(Recorded([100, 101, 101, 105]), 1.0)
    assert log.next == 0
    assert offered(log, 0, [50.0, 50.9, 51.0, 54.9, 55.0]) == [1, 1, 3, 3, 4]
    assert log.ended


def test_speed_makes_it_faster() -> None:
    log = PacedLog(Recorded([100, 110, 120]), 10.0)
    assert offered(log, 0, [0.0, 1.0, 2.0]) == [1, 2, 3]


def test_it_begins_where_the_daemon_is_and_not_with_what_was_recorded_before() -> None:
    log = PacedLog(Recorded([100, 1000, 1001]), 1.0)
    assert offered(log, 1, [5.0, 5.5, 6.0]) == [2, 2, 3]


def test_one_without_a_time_or_that_goes_back_comes_with_the_one_before() -> None:
    log = PacedLog(Recorded([NAN, 100, NAN, 99, 102]), 1.0)
    assert offered(log, 0, [0.0, 1.9, 2.0]) == [4, 4, 5]
    log = PacedLog(Recorded([100, 105, 101, 106]), 1.0)
    assert offered(log, 0, [0.0, 1.0, 4.9, 5.0, 6.0]) == [1, 1, 1, 3, 4]
    log = PacedLog(Recorded([NAN, NAN]), 1.0)
    assert offered(log, 0, [0.0]) == [2]


def test_it_says_how_long_there_will_be_no_more_at_most_a_tenth_of_a_second() -> None:
    log = PacedLog(Recorded([100, 100.05, 200]), 1.0)
    assert log.advance(0, 1.0) == pytest.approx(0.05)
    assert log.advance(0, 1.05) == LONGEST_SECONDS


def test_it_is_a_log_of_the_source_that_ends_where_it_is_told() -> None:
    log = PacedLog(Recorded([float(n) for n in range(10_000)]), 1e9, samples=9_000)
    log.advance(0, 0.0)
    log.advance(0, 1.0)
    assert (log.next, log.ended, log.offered) == (9_000, True, 10_000)
    assert log.read(8_990, 10).inputs[:, 0].tolist() == list(range(8_990, 9_000))
    assert log.read(3, 2).inputs[:, 0].tolist() == [3, 4]
