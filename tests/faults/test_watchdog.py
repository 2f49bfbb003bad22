from pathlib import Path

import pytest

from tests.faults.watchdog import falls_silent


@pytest.mark.parametrize("stopped", [True, False])
def test_a_daemon_is_heard_while_it_learns_and_silent_within_a_period_once_its_loop_hangs(
    tmp_path: Path, stopped: bool
) -> None:
    assert falls_silent(tmp_path, stopped=stopped)
