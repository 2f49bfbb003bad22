import pytest

from streamer.clock import FakeClock, SystemClock


def test_a_fake_clock_stands_still() -> None:
    clock = FakeClock()
    assert [clock.monotonic() for _ in range(3)] == [0.0, 0.0, 0.0]
    assert clock.wall() == clock.wall()


@pytest.mark.parametrize("seconds", [0.0, 0.25, 3600.0])
def test_a_fake_clock_moves_both_readings_by_as_much_as_it_is_told(seconds: float) -> None:
    clock = FakeClock(wall=100.0)
    clock.advance(1.0)
    wall, monotonic = clock.wall(), clock.monotonic()
    clock.advance(seconds)
    assert (clock.wall() - wall, clock.monotonic() - monotonic) == (seconds, seconds)


def test_a_fake_clock_starts_at_the_wall_time_it_is_given() -> None:
    assert FakeClock(wall=12.5).wall() == 12.5


def test_the_system_clock_never_goes_back() -> None:
    clock = SystemClock()
    readings = [clock.monotonic() for _ in range(1000)]
    assert readings == sorted(readings)


def test_the_system_clock_reads_seconds_since_1970_not_since_the_machine_was_started() -> None:
    year_2020, year_2200 = 1_577_836_800, 7_258_118_400
    assert year_2020 < SystemClock().wall() < year_2200
