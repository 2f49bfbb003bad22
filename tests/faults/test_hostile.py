from pathlib import Path

import pytest

from tests.faults.hostile import measure


@pytest.mark.timeout(300)
def test_of_strangers_nobody_is_heard_each_is_counted_and_a_friend_is_served_among_them(tmp_path: Path) -> None:
    figures = measure(33, 24, tmp_path)
    assert figures.ok, str(figures)
