"""A thousand runs of the simulation; `make simulate` does ten thousand."""

import pytest

from tests.simulation.simulation import check

SEEDS, AT_ONCE = 1_000, 100


@pytest.mark.timeout(300)
@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_no_weather_breaks_a_promise(first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        check(seed)
