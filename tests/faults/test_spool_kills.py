"""A few of the kills that `make faults` does two hundred of."""

from pathlib import Path

import pytest

from tests.faults.spool_kills import run


@pytest.mark.timeout(300)
def test_a_spool_killed_at_random_moments_loses_nothing_that_it_told_safe(tmp_path: Path) -> None:
    result = run(6, tmp_path, seed=1)
    assert result.safe > 0
    assert result.busy > 0
    assert (result.lost, result.same) == (0, True), str(result)
