import pytest
from pydantic import ValidationError

from streamer.config.group import Group
from streamer.errors import SettingsError


class Inner(Group):
    count: int = 1
    share: float = 0.5


class Outer(Group):
    inner: Inner = Inner()
    name: str = "a"


def test_a_group_constructed_with_wrong_values_raises_our_error_with_every_fault() -> None:
    with pytest.raises(SettingsError) as caught:
        Inner(count="many", share=float("nan"), sahre=1.0)
    assert [fault.setting for fault in caught.value.faults] == ["count", "share", "sahre"]


def test_faults_of_a_group_inside_a_group_come_out_together_under_their_dotted_names() -> None:
    with pytest.raises(SettingsError) as caught:
        Outer(inner={"count": "many", "share": "half"}, name=3)
    assert [fault.setting for fault in caught.value.faults] == ["inner.count", "inner.share", "name"]


def test_a_group_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Inner().count = 2


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_no_group_takes_a_number_that_is_not_finite(value: float) -> None:
    with pytest.raises(SettingsError):
        Inner(share=value)


def test_the_docstring_below_a_field_is_its_description() -> None:
    class Described(Group):
        count: int = 1
        """How many."""

    assert Described.model_fields["count"].description == "How many."
