import pytest

from streamer.config.learner import STRUCTURAL, TUNABLE, LearnerSettings
from streamer.config.settings import LearnerSection
from streamer.errors import SettingsError, StartError


def test_the_defaults_are_the_ones_that_learn_the_bit_stream() -> None:
    settings = LearnerSettings()
    assert settings.truncation >= 2  # 1 cuts the gradient before the previous input
    assert settings.hidden >= 4


@pytest.mark.parametrize(
    "values",
    [
        {"inputs": 0},
        {"inputs": 65},
        {"hidden": 0},
        {"truncation": 0},
        {"truncation": 257},
        {"step_size": 0.0},
        {"step_size": -0.1},
        {"step_size": float("nan")},
        {"hidden": None},
        {"window": 3},
    ],
)
def test_settings_that_cannot_be_used_raise_settings_error(values: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as caught:
        LearnerSettings(**values)
    assert isinstance(caught.value, StartError)
    assert [fault.setting for fault in caught.value.faults] == list(values)
    assert all(fault.remedy for fault in caught.value.faults)


@pytest.mark.parametrize("values", [{"inputs": 64}, {"hidden": 256}, {"truncation": 1}, {"step_size": 1.0}])
def test_the_bounds_themselves_are_allowed(values: dict[str, int]) -> None:
    assert LearnerSettings(**values).model_dump().items() >= values.items()


def test_the_structure_holds_the_structural_settings_and_no_tunable_one() -> None:
    assert LearnerSettings(inputs=2, hidden=5, truncation=3, step_size=0.5).structure() == {
        "inputs": 2,
        "hidden": 5,
        "truncation": 3,
    }


@pytest.mark.parametrize("kind", [LearnerSettings, LearnerSection])
def test_every_setting_is_either_structural_or_tunable(kind: type[LearnerSettings]) -> None:
    for name, field in kind.model_fields.items():
        assert field.json_schema_extra in (STRUCTURAL, TUNABLE), name


def test_the_engine_is_no_part_of_the_structure_for_all_engines_compute_the_same() -> None:
    assert LearnerSection(engine="reference").structure() == LearnerSection(engine="auto").structure()
