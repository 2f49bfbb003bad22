"""Each operation on the disk fails, with one of the errors; `make faults` has all of them."""

import errno

import pytest

from tests.faults.disk_errors import fail_everywhere


@pytest.mark.timeout(180)
def test_a_daemon_whose_disk_fails_at_any_operation_lives_learns_and_acknowledges_nothing_false() -> None:
    assert fail_everywhere([errno.ENOSPC]) > 50
