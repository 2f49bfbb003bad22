"""Scores as JSON: the same names for all tasks, null for what a task does not have or what is not known yet."""

import math
from collections.abc import Mapping
from typing import Any

from streamer.evaluation.card import Answers, Errors, ScoreCard
from streamer.evaluation.skill import Gain, SkillCard
from streamer.telemetry.histogram import Distribution

ANSWERS = ("accuracy", "accuracy_overall", "accuracy_fading", "log_loss_bits", "solved_at")
ERRORS = (
    "absolute_error", "absolute_error_overall", "root_squared_error", "root_squared_error_overall",
    "interval_coverage", "interval_coverage_overall", "interval_width",
)  # fmt: skip


def skill_told(card: SkillCard) -> dict[str, Any]:
    """The gain over the best null model with its interval, and over each of them."""
    over = card.over_best
    return {
        "unit": card.unit,
        "verdict": card.claim,
        "samples": card.samples,
        "best_baseline": card.best,
        **({"gain": None, "low": None, "high": None} if over is None else _gain(over)),
        "baselines": {name: _gain(gain) for name, gain in card.beside.items()},
    }


def answers_told(answers: Answers | None) -> dict[str, Any]:
    """Of predictions that are right or wrong."""
    if answers is None:
        none: dict[str, Any] = {"baseline_accuracy": {}, "baseline_accuracy_overall": {}}
        return dict.fromkeys(ANSWERS) | none | {"learning_curve": []}
    return {
        "accuracy": known(answers.accuracy_windowed),
        "accuracy_overall": known(answers.accuracy),
        "accuracy_fading": known(answers.accuracy_fading),
        "baseline_accuracy": _known(answers.baselines_windowed),
        "baseline_accuracy_overall": _known(answers.baselines),
        "log_loss_bits": known(answers.log_loss_bits_windowed),
        "solved_at": answers.solved_at,
        "learning_curve": answers.curve,
    }


def errors_told(card: ScoreCard) -> dict[str, Any]:
    """Of predictions that are numbers: of the nearest horizon, and of each."""
    by_horizon = {str(ahead): _errors(errors) for ahead, errors in card.errors.items()}
    nearest = dict.fromkeys(ERRORS) | {"baseline_absolute_error": {}}
    if card.nearest is not None:
        nearest = _errors(card.nearest)
    return {**nearest, "horizons": by_horizon if card.task == "forecast" else {}}


def lag_told(lags: Distribution) -> dict[str, Any]:
    """How many labels came late, and by how many events on average."""
    count = lags.buckets[-1][1]
    return {"labels": count, "mean": lags.total / count if count else None}


def known(value: float) -> float | None:
    """None for what is not known, or has no number.

    >>> known(0.5), known(math.nan), known(math.inf)
    (0.5, None, None)
    """
    return value if math.isfinite(value) else None


def _errors(errors: Errors) -> dict[str, Any]:
    return {
        "absolute_error": known(errors.absolute_windowed),
        "absolute_error_overall": known(errors.absolute),
        "root_squared_error": known(errors.squared_windowed),
        "root_squared_error_overall": known(errors.squared),
        "interval_coverage": known(errors.coverage_windowed),
        "interval_coverage_overall": known(errors.coverage),
        "interval_width": known(errors.width_windowed),
        "baseline_absolute_error": _known(errors.nulls_windowed),
    }


def _gain(gain: Gain) -> dict[str, float | None]:
    return {"gain": known(gain.gain), "low": known(gain.low), "high": known(gain.high)}


def _known(values: Mapping[str, float]) -> dict[str, float | None]:
    return {name: known(value) for name, value in values.items()}
