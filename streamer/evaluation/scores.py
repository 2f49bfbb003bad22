"""All scores of one stream: the learner's and its baselines', on the same samples in the same order."""

from dataclasses import dataclass

import numpy as np

from streamer.evaluation.accuracy import Accuracy
from streamer.evaluation.baselines import Baseline, LastValue, MajorityClass
from streamer.evaluation.logloss import LogLoss
from streamer.evaluation.milestones import LearningCurve, Solved
from streamer.samples import Arrays, Floats


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The scores at one moment, for people and metrics. NaN where there is no labelled sample yet."""

    labelled: int
    correct: int
    accuracy: float
    accuracy_windowed: float
    in_window: int
    """Labelled samples in the sliding window now."""
    accuracy_fading: float
    log_loss_bits: float
    log_loss_bits_windowed: float
    baselines: dict[str, float]
    baselines_windowed: dict[str, float]
    solved_at: int | None
    curve: list[float]


class Scores:
    """Takes in predictions with their targets; a sample without a label is not scored."""

    def __init__(self, *, window: int, fading: float) -> None:
        self._accuracy = Accuracy(window=window, fading=fading)
        self._loss = LogLoss(window=window)
        self._solved = Solved()
        self._curve = LearningCurve()
        self._baselines: dict[str, Baseline] = {"majority": MajorityClass(), "last_value": LastValue()}
        self._beside = {name: Accuracy(window=window, fading=fading) for name in self._baselines}

    def update(self, predictions: Floats, targets: Floats) -> None:
        """Score the next predictions (T,) against their targets (T,); NaN is no label."""
        labelled = ~np.isnan(targets)
        if not labelled.all():
            predictions, targets = predictions[labelled], targets[labelled]
        classes = targets > 0
        right = (predictions > 0.5) == classes
        self._accuracy.update(right)
        self._loss.update(predictions, targets)
        self._solved.update(right)
        self._curve.update(right)
        for name, baseline in self._baselines.items():
            self._beside[name].update(baseline.step_many(targets) == classes)

    def counts(self) -> tuple[int, int]:
        """Scored predictions so far, and how many of them were right."""
        return self._accuracy.count, self._accuracy.correct

    def card(self) -> ScoreCard:
        """The scores now."""
        return ScoreCard(
            labelled=self._accuracy.count,
            correct=self._accuracy.correct,
            accuracy=self._accuracy.overall,
            accuracy_windowed=self._accuracy.windowed,
            in_window=self._accuracy.in_window,
            accuracy_fading=self._accuracy.fading,
            log_loss_bits=self._loss.overall,
            log_loss_bits_windowed=self._loss.windowed,
            baselines={name: accuracy.overall for name, accuracy in self._beside.items()},
            baselines_windowed={name: accuracy.windowed for name, accuracy in self._beside.items()},
            solved_at=self._solved.at,
            curve=self._curve.accuracies(),
        )

    def export(self) -> Arrays:
        """The whole state as arrays."""
        return {
            f"{part}.{name}": array for part, state in self._parts().items() for name, array in state.export().items()
        }

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        for part, state in self._parts().items():
            prefix = f"{part}."
            state.load({name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)})

    def _parts(self) -> dict[str, Accuracy | LogLoss | Solved | LearningCurve | Baseline]:
        return {
            "accuracy": self._accuracy,
            "log_loss": self._loss,
            "solved": self._solved,
            "curve": self._curve,
            **{f"baseline_{name}": baseline for name, baseline in self._baselines.items()},
            **{f"beside_{name}": accuracy for name, accuracy in self._beside.items()},
        }
