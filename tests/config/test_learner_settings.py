import pytest

from streamer.config.learner import STRUCTURAL, TUNABLE, LearnerSettings
from streamer.errors import SettingsError


def test_every_setting_is_structural_or_tunable():
    assert all(field.json_schema_extra in (STRUCTURAL, TUNABLE) for field in LearnerSettings.model_fields.values())


def test_only_the_step_size_is_tunable():
    assert LearnerSettings.model_fields.keys() - LearnerSettings().structure().keys() == {"step_size"}


def test_rtrl_beyond_its_cost_is_refused_with_what_would_work():
    with pytest.raises(SettingsError, match=r"gradient: .*32 units.*16 times.*at most 24.*tbptt or stale"):
        LearnerSettings(hidden=32, gradient="rtrl")


def test_a_memory_of_too_many_numbers_is_refused_with_what_would_work():
    with pytest.raises(SettingsError, match=r"memory_size: .*memory_size to at most 32"):
        LearnerSettings(inputs=64, memory="ring", memory_size=256)


@pytest.mark.parametrize(
    "values",
    [
        {"hidden": 0},
        {"hidden": 257},
        {"inputs": 65},
        {"truncation": 257},
        {"memory": "disk"},
        {"memory_radius": 1.0},
        {"cell": "lstm"},
        {"optimiser": "lion"},
        {"loss": "hinge"},
        {"anchoring": -1.0},
    ],
)
def test_a_value_out_of_range_is_refused(values):
    with pytest.raises(SettingsError):
        LearnerSettings(**values)
