"""The scores of one stream at one moment, for people and metrics; of one shape for all tasks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from streamer.evaluation.skill import SkillCard


@dataclass(frozen=True, slots=True)
class Answers:
    """Of predictions that are right or wrong. NaN where there is no labelled sample yet."""

    correct: int
    accuracy: float
    accuracy_windowed: float
    accuracy_fading: float
    log_loss_bits: float
    log_loss_bits_windowed: float
    baselines: dict[str, float]
    """Accuracy of the rules that remember one thing: `majority`, `last_value`."""
    baselines_windowed: dict[str, float]
    solved_at: int | None
    curve: list[float]


@dataclass(frozen=True, slots=True)
class Errors:
    """Of predictions that are more or less far off. NaN where there is no labelled sample yet."""

    absolute: float
    """Mean absolute error since the start."""
    absolute_windowed: float
    squared: float
    """Root of the mean squared error since the start."""
    squared_windowed: float
    coverage: float
    """Share of targets inside their intervals, of those that had a finite one."""
    coverage_windowed: float
    width_windowed: float
    """Mean width of the intervals."""
    nulls: dict[str, float]
    """Mean absolute error of each null model."""
    nulls_windowed: dict[str, float]


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """What all tasks have, and what some have."""

    task: str
    labelled: int
    in_window: int
    """Labelled samples in the sliding window now."""
    skill: SkillCard
    answers: Answers | None = None
    """Of binary, multiclass and next."""
    errors: Mapping[int, Errors] = field(default_factory=dict)
    """Of regression, under 0, and of forecast by its steps ahead."""

    @property
    def nearest(self) -> Errors | None:
        """The errors of the nearest horizon."""
        return self.errors[min(self.errors)] if self.errors else None
