"""A few thousand of the disks that a crash may leave of a spool's log; `make faults` looks at more."""

import pytest

from tests.faults.spool_crashes import checked
from tests.faults.test_checkpoint_crashes import Lying


def test_no_crash_while_a_log_is_written_and_trimmed_loses_an_event_that_was_synced() -> None:
    assert checked(3_000) == 3_000


@pytest.mark.parametrize("omitted", ["sync", "sync_directory"])
def test_a_log_that_omitted_a_sync_would_be_found_out(omitted: str) -> None:
    with pytest.raises(AssertionError, match="life"):
        checked(4_000, wrap=lambda files: Lying(files, omitted))
