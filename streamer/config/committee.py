"""The settings of one committee: what it predicts, and what may cost it. There is nothing to tune."""

from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator

from streamer.config.change import STRUCTURAL
from streamer.config.group import Group
from streamer.config.learner import Classes, Coverage, Horizon, Inputs, LearnerSettings, Task

PERIOD_LIMIT = 4096
"""Steps back that a committee remembers of a series."""

Period = Annotated[int, Field(ge=1, le=PERIOD_LIMIT)]
Periods = Annotated[tuple[Period, ...], Field(max_length=4, json_schema_extra=STRUCTURAL)]
Members = Annotated[tuple[str, ...], Field(max_length=24, json_schema_extra=STRUCTURAL)]
Rivers = Annotated[tuple[str, ...], Field(max_length=8, json_schema_extra=STRUCTURAL)]
Microseconds = Annotated[float | None, Field(gt=0, json_schema_extra=STRUCTURAL)]
CommitteeHorizons = Annotated[tuple[Horizon, ...], Field(min_length=1, max_length=16, json_schema_extra=STRUCTURAL)]


class CommitteeChoices(Group):
    """What one may choose of a committee, besides what it predicts."""

    periods: Periods = ()
    """Steps after which a series of numbers repeats itself, as 24 and 168 for hours: what was so long ago is then among
    the forecasts."""
    members: Members = ()
    """The members by name, as in `streamer bench real`; none is all that the task has."""
    accept_unresumable: bool = False
    """Let members take part whose state cannot be put into a checkpoint: after a restart they begin anew, and the
    stream's state is not the one that it would have had."""
    river: Rivers = ()
    """Estimators of River's that are members as well, as `forest.ARFClassifier`. None of them can be put into a
    checkpoint without pickles, which nobody here ever reads: so they want `accept_unresumable`."""
    microseconds_per_sample: Microseconds = None
    """What a sample may cost; members that do not fit are left out, and the dearest take no part while the stream is
    faster than the rest. None is no limit."""

    @field_validator("river")
    @classmethod
    def _knowingly(cls, river: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if river and not info.data.get("accept_unresumable"):
            raise ValueError(
                f"got {', '.join(river)}, whose state cannot be put into checkpoints: after a restart they begin anew; "
                "do this: set committee.accept_unresumable = true if that will do, or leave them out"
            )
        return river


class CommitteeSettings(CommitteeChoices):
    """What a committee is made for.

    >>> CommitteeSettings(task="regression", periods=(12,)).horizons
    (1,)
    """

    task: Task = "binary"
    """What is predicted: `binary`, `multiclass`, `regression`, `forecast` or `next`."""
    classes: Classes = 16
    """The most classes of `multiclass`, symbols of `next`."""
    horizons: CommitteeHorizons = (1,)
    """How many steps ahead a `forecast` looks. For the other tasks one number: so many samples after its own a target
    is known, 1 being before the next sample."""
    coverage: Coverage = 0.9
    """The share of targets that the intervals of `regression` and `forecast` are to hold."""
    inputs: Inputs = 1
    """I, numbers in a sample's input."""

    @field_validator("horizons")
    @classmethod
    def _of_the_task(cls, horizons: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        task = info.data.get("task")
        if task == "next" and horizons != (1,):
            raise ValueError(f"got {horizons}, and next is one step ahead; do this: leave it out")
        if task != "forecast" and len(horizons) > 1:
            raise ValueError(f"got {horizons}; do this: give one number for {task}, several only for forecast")
        return horizons

    def structure(self) -> dict[str, Any]:
        """The structural settings by name: two snapshots are interchangeable only if these are equal."""
        names = [name for name, field in type(self).model_fields.items() if field.json_schema_extra == STRUCTURAL]
        return {name: _plain(getattr(self, name)) for name in names}

    def learner(self) -> LearnerSettings:
        """The settings of its recurrent members."""
        return LearnerSettings(
            task=self.task,
            classes=self.classes,
            horizons=self.horizons,
            coverage=self.coverage,
            inputs=self.inputs,
            scaling="standard",
        )


def _plain(value: Any) -> Any:
    """A list as text: checkpoints compare plain values."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else value
