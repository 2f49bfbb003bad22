"""A few terminations under load; `make faults` has a hundred, and asks how long they took."""

import pytest

from tests.faults.terminations import terminate_again_and_again


@pytest.mark.timeout(120)
def test_sigterm_under_load_ends_the_daemon_with_exit_0_and_everything_saved() -> None:
    assert len(terminate_again_and_again(5)) == 5
