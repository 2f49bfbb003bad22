"""From a task to its outcome."""

from streamer.config.learner import LearnerSettings
from streamer.learning.outcomes.classes import ClassOutcome
from streamer.learning.outcomes.direct import Direct
from streamer.learning.outcomes.numbers import BaseName, Numbers
from streamer.learning.outcomes.outcome import Outcome
from streamer.learning.outcomes.previous import Previous


def make_outcome(
    settings: LearnerSettings, horizons: tuple[int, ...], *, previous: bool = False, base: BaseName = "auto"
) -> Outcome:
    """The outcome of a stream that begins.

    With `previous` the newest known target is among the features; numbers have theirs there anyhow. `base` is for
    numbers: what their residuals are of.
    """
    if settings.task in ("regression", "forecast"):
        return Numbers(horizons, coverage=settings.coverage, base=base)
    if settings.objective == "softmax":
        classes = ClassOutcome(settings.classes, ahead=settings.task == "next")
        return Previous(classes, settings.classes) if previous else classes
    return Previous(Direct(settings.objective)) if previous else Direct(settings.objective)
