from typing import Any

import pytest

from streamer.config.change import LIVE, RESTART, STRUCTURAL
from streamer.config.learner import LearnerSettings
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
        {"memory": "disk"},
        {"memory_radius": 1.0},
        {"cell": "lstm"},
        {"optimiser": "lion"},
        {"loss": "hinge"},
        {"anchoring": -1.0},
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


def test_the_structure_holds_the_structural_settings_and_no_other() -> None:
    settings = LearnerSettings(inputs=2, hidden=5, step_size=0.5)
    assert settings.structure().items() >= {"inputs": 2, "hidden": 5}.items()
    assert LearnerSettings.model_fields.keys() - settings.structure().keys() == {"step_size", "scaling"}


@pytest.mark.parametrize("kind", [LearnerSettings, LearnerSection])
def test_every_setting_is_structural_or_live_or_wants_a_restart(kind: type[LearnerSettings]) -> None:
    for name, field in kind.model_fields.items():
        assert field.json_schema_extra in (STRUCTURAL, LIVE, RESTART), name


def test_the_engine_is_no_part_of_the_structure_for_all_engines_compute_the_same() -> None:
    assert LearnerSection(engine="reference").structure() == LearnerSection(engine="auto").structure()


def test_rtrl_beyond_its_cost_is_refused_with_what_would_work() -> None:
    with pytest.raises(SettingsError, match=r"gradient: .*32 units.*16 times.*at most 24.*tbptt or stale"):
        LearnerSettings(hidden=32, gradient="rtrl")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"task": "multiclass"}, r"optimiser: .*one bit or number.*use rmsprop"),
        ({"task": "regression", "loss": "gaussian"}, r"optimiser: .*by loss binary, huber, squared"),
        ({"task": "forecast", "horizons": (1, 2)}, r"optimiser: .*learner\.horizons to a single one"),
        ({"hidden": 256}, r"optimiser: .*32 million covariances.*learner\.hidden"),
        ({"inputs": 64, "memory": "ring"}, r"optimiser: .*109 million covariances.*learner\.memory_size"),
        ({"schedule": "annealed"}, r"schedule: .*no step size.*learner\.schedule to auto"),
    ],
    ids=str,
)
def test_what_a_kalman_filter_cannot_do_is_refused_with_what_would_work(values: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        LearnerSettings(optimiser="ndekf", **values)


@pytest.mark.parametrize(
    "values", [{}, {"loss": "squared"}, {"task": "regression"}, {"task": "forecast"}, {"inputs": 64}], ids=str
)
def test_a_kalman_filter_learns_one_bit_or_number_and_never_anneals(values: dict[str, Any]) -> None:
    settings = LearnerSettings(optimiser="ndekf", **values)
    assert not settings.model_copy(update={"schedule": "annealed"}).annealed


def test_a_memory_of_too_many_numbers_is_refused_with_what_would_work() -> None:
    with pytest.raises(SettingsError, match=r"memory_size: .*memory_size to at most 32"):
        LearnerSettings(inputs=64, memory="ring", memory_size=256)
