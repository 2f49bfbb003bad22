from pathlib import Path

from tests.faults.reloads import changes, reload_under_load, settings_of


def test_bad_reloads_change_nothing_good_ones_are_applied_and_no_sample_is_lost(tmp_path: Path) -> None:
    told = reload_under_load(tmp_path, 3)
    assert [settings_of(line) for line in told] == [changes(n) for n in range(3)]
