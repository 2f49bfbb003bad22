"""Scores of predictions that are right or wrong: accuracy, log loss, milestones, and the skill in bits."""

from collections.abc import Mapping, Sequence

from streamer.evaluation.accuracy import Accuracy, Outcomes
from streamer.evaluation.card import Answers
from streamer.evaluation.gains import BITS, Doubles
from streamer.evaluation.logloss import LogLoss
from streamer.evaluation.milestones import LearningCurve, Solved
from streamer.evaluation.parts import Part
from streamer.evaluation.skill import Skill

BASELINES = ("majority", "last_value")


class AnswerTally:
    """Takes in what was right, and which probability each predictor had given to what came."""

    def __init__(self, nulls: Sequence[str], *, rules: Sequence[str], window: int, fading: float) -> None:
        self._accuracy = Accuracy(window=window, fading=fading)
        self._loss = LogLoss(window=window)
        self._solved = Solved()
        self._curve = LearningCurve()
        self._beside = {name: Accuracy(window=window, fading=fading) for name in BASELINES}
        self.skill = Skill(nulls, rules=rules, unit="bits", largest=BITS)

    def update(self, right: Outcomes, bits: Doubles, gains: Doubles, baselines: Mapping[str, Outcomes]) -> None:
        """Of the next samples: who was right (T,), log losses (T,), gains (T, m), and if each baseline was right."""
        self._accuracy.update(right)
        self._loss.add(bits)
        self._solved.update(right)
        self._curve.update(right)
        for name, outcomes in baselines.items():
            self._beside[name].update(outcomes)
        self.skill.update(gains)

    def counts(self) -> tuple[int, int]:
        """Scored predictions, and how many of them were right."""
        return self._accuracy.count, self._accuracy.correct

    @property
    def in_window(self) -> int:
        """Samples in the sliding window."""
        return self._accuracy.in_window

    def card(self) -> Answers:
        """The scores now."""
        return Answers(
            correct=self._accuracy.correct,
            accuracy=self._accuracy.overall,
            accuracy_windowed=self._accuracy.windowed,
            accuracy_fading=self._accuracy.fading,
            log_loss_bits=self._loss.overall,
            log_loss_bits_windowed=self._loss.windowed,
            baselines={name: accuracy.overall for name, accuracy in self._beside.items()},
            baselines_windowed={name: accuracy.windowed for name, accuracy in self._beside.items()},
            solved_at=self._solved.at,
            curve=self._curve.accuracies(),
        )

    def parts(self) -> dict[str, Part]:
        """What the state is made of."""
        return {
            "accuracy": self._accuracy,
            "log_loss": self._loss,
            "solved": self._solved,
            "curve": self._curve,
            **{f"beside_{name}": accuracy for name, accuracy in self._beside.items()},
            "skill": self.skill,
        }
