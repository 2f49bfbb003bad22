"""A hundred kills of real daemons; `make faults` does a thousand."""

import pytest

from tests.faults.daemon_kills import kill_again_and_again

KILLS, AT_ONCE = 100, 25


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(KILLS // AT_ONCE))
def test_a_daemon_killed_at_random_times_ends_where_an_undisturbed_one_does(seed: int) -> None:
    assert kill_again_and_again(AT_ONCE, seed) > 0
