"""The small tables that tests read are those that their maker says they are."""

import pytest

from tests.data.made import FOLDER, TABLES, text_of


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_what_its_maker_makes(name: str) -> None:
    assert (FOLDER / name).read_text() == text_of(name)
