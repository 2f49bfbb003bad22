"""A short overload; `make faults` has a minute of it."""

import pytest

from tests.faults.overload import LEAST_RATIO, MOST_GROWTH_MEGABYTES, Overload


@pytest.mark.timeout(300)
def test_a_program_that_pushes_too_fast_loses_nothing_and_nobody_grows() -> None:
    overload = Overload(3)
    assert overload.lost == 0
    assert overload.ratio >= LEAST_RATIO
    assert max(overload.growth.values()) <= MOST_GROWTH_MEGABYTES
