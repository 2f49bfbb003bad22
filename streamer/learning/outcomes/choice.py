"""From a task to its outcome."""

from streamer.config.learner import LearnerSettings
from streamer.learning.outcomes.classes import ClassOutcome
from streamer.learning.outcomes.direct import Direct
from streamer.learning.outcomes.numbers import Numbers
from streamer.learning.outcomes.outcome import Outcome


def make_outcome(settings: LearnerSettings, horizons: tuple[int, ...]) -> Outcome:
    """The outcome of a stream that begins."""
    if settings.objective == "softmax":
        return ClassOutcome(settings.classes, ahead=settings.task == "next")
    if settings.task in ("regression", "forecast"):
        return Numbers(horizons, coverage=settings.coverage)
    return Direct(settings.objective)
