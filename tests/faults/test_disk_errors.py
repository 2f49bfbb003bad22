"""Each operation on the disk fails, with one of the errors; `make faults` has all of them."""

import errno

import pytest

from tests.faults.disk_errors import fail_at_start, fail_everywhere


@pytest.mark.timeout(180)
def test_a_daemon_whose_disk_fails_at_any_operation_lives_learns_and_acknowledges_nothing_false() -> None:
    assert fail_everywhere([errno.ENOSPC]) > 50


def test_a_start_whose_disk_fails_at_any_operation_is_refused_with_what_to_do() -> None:
    assert fail_at_start() > 5
