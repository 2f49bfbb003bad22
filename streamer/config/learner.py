"""The settings of one learner: structural ones fix the shape of its snapshots, others may change."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from streamer.config.change import LIVE, RESTART, STRUCTURAL
from streamer.config.group import Group

BankName = Literal["none", "ring", "taps"]
EngineName = Literal["auto", "fused", "reference"]

Inputs = Annotated[int, Field(ge=1, le=64, json_schema_extra=STRUCTURAL)]
Hidden = Annotated[int, Field(ge=1, le=256, json_schema_extra=STRUCTURAL)]
Truncation = Annotated[int, Field(ge=1, le=256, json_schema_extra=STRUCTURAL)]
Cell = Annotated[Literal["gru"], Field(json_schema_extra=STRUCTURAL)]
Memory = Annotated[Literal["auto", "none", "ring", "taps"], Field(json_schema_extra=STRUCTURAL)]
MemorySize = Annotated[int, Field(ge=1, le=256, json_schema_extra=STRUCTURAL)]
MemoryRadius = Annotated[float, Field(gt=0, lt=1, json_schema_extra=STRUCTURAL)]
Gradient = Annotated[Literal["tbptt", "stale", "rtrl"], Field(json_schema_extra=STRUCTURAL)]
TaskName = Literal["binary", "multiclass", "regression", "forecast", "next"]
LossName = Literal["binary", "softmax", "squared", "huber", "gaussian"]
Task = Annotated[TaskName, Field(json_schema_extra=STRUCTURAL)]
Classes = Annotated[int, Field(ge=2, le=64, json_schema_extra=STRUCTURAL)]
Horizon = Annotated[int, Field(ge=1, le=1024)]
Horizons = Annotated[tuple[Horizon, ...], Field(min_length=1, max_length=16, json_schema_extra=STRUCTURAL)]
Coverage = Annotated[float, Field(ge=0.5, le=0.99, json_schema_extra=STRUCTURAL)]
Loss = Annotated[
    Literal["auto", "binary", "softmax", "squared", "huber", "gaussian"], Field(json_schema_extra=STRUCTURAL)
]
Scaling = Annotated[Literal["none", "standard"], Field(json_schema_extra=RESTART)]
Optimiser = Annotated[Literal["rmsprop", "sgd", "adam", "ndekf"], Field(json_schema_extra=STRUCTURAL)]
StepSize = Annotated[float, Field(gt=0, le=1, json_schema_extra=LIVE)]
Schedule = Annotated[Literal["auto", "constant", "annealed"], Field(json_schema_extra=STRUCTURAL)]
Anchoring = Annotated[float, Field(ge=0, le=1, json_schema_extra=STRUCTURAL)]

LOSSES: dict[TaskName, tuple[LossName, ...]] = {
    "binary": ("binary", "squared"),
    "multiclass": ("softmax",),
    "regression": ("huber", "squared", "gaussian"),
    "forecast": ("huber", "squared", "gaussian"),
    "next": ("softmax",),
}
"""Task → the losses that it can be learned by; the first is what `auto` stands for."""

RTRL_HIDDEN = 24
"""The most units that exact RTRL is allowed: a step costs about 3 H³ (H + F) multiplications, 10 µs at 16 units."""

NDEKF_LOSSES: tuple[LossName, ...] = ("binary", "huber", "squared")
"""The losses of one output that a Kalman filter takes for observations of it."""

NDEKF_COVARIANCES = 4_000_000
"""The most numbers that a filter is allowed, 16 MB: it has about 3/2 H (H + F)², which a sample walks through twice."""

MEMORY_FEATURES = 4096
"""The most numbers that a memory may add to the cell's input; it bounds what a learner may take of the machine."""


class LearnerSettings(Group):
    """What a learner is made of.

    >>> LearnerSettings(inputs=1, hidden=16).truncation
    8
    """

    task: Task = "binary"
    """What is predicted: `binary`, 0 or 1; `multiclass`, which of several classes, found as they come; `regression`, a
    number; `forecast`, the target itself some steps ahead; `next`, the next symbol of a stream of categories."""
    classes: Classes = 16
    """The most classes of `multiclass`, symbols of `next`. One more is refused and counted."""
    horizons: Horizons = (1,)
    """How many steps ahead a `forecast` looks; several are learned at once."""
    coverage: Coverage = 0.9
    """The share of targets that the intervals of `regression` and `forecast` are to hold."""
    scaling: Scaling = "none"
    """What is done to numbers before they are learned from: `none`; or `standard`: inputs, but for those that are 0 or
    1 only, are standardised by running statistics. A stream keeps what it began with."""
    inputs: Inputs = 1
    """I, numbers in a sample's input. A stream that has another count is refused."""
    hidden: Hidden = 16
    """H, units of the cell. Width buys reliability: 4 units are enough for the bit stream, 2 sometimes fail."""
    truncation: Truncation = 8
    """K, time steps that the gradient runs back. Without a memory it must exceed the lag to be learned; 1 cuts it
    before the previous input. Costs time in proportion, not accuracy. `rtrl` does not use it."""
    cell: Cell = "gru"
    """The recurrent cell: `gru`, reset-after."""
    memory: Memory = "auto"
    """What joins the input, fixed and not learned: `none`; `ring`, decaying oscillators, which reach lags that the
    cell alone cannot; `taps`, the inputs before; `auto` is `ring` for one input, else `none`: rows of several columns
    are often independent, and 32 more numbers for each column then do harm (two columns: 91 % right became 82 %)."""
    memory_size: MemorySize = 16
    """m, oscillators or taps for each input. A lag much longer than this needs more of them."""
    memory_radius: MemoryRadius = 0.95
    """r, how much of an oscillator is left after a step. It remembers about 1 / (1 − r) steps."""
    gradient: Gradient = "tbptt"
    """How the past enters the gradient: `tbptt`, the window recomputed with today's weights; `stale`, the stored
    activations, faster for long windows; `rtrl`, exact and without a window, for at most 24 units."""
    loss: Loss = "auto"
    """`binary`: cross-entropy; with task `binary` also `squared`: any finite target, predicted as it is. `softmax`:
    cross-entropy of classes. For numbers `squared`, `huber` or `gaussian`, which learns the variance as well. `auto`
    is the task's own: binary, softmax, huber."""
    optimiser: Optimiser = "rmsprop"
    """`rmsprop`; `adam`, which recovers badly when a stream changes; `sgd`, which wants another step size; `ndekf`, a
    Kalman filter with a block for each gate of each unit, which learns more of a sample and bears more noise: for one
    number or bit, at twice the cost with one input and no memory, three times with the ring, far more with many."""
    step_size: StepSize = 0.01
    """How far the optimiser moves the weights at each sample. Smaller for noisy streams. `ndekf` finds its own."""
    schedule: Schedule = "auto"
    """What becomes of the step size: `constant`; `annealed`, which falls as 1 / √(1 + age / 500) to a tenth while the
    stream stays as it is, and rises when predictions become worse; `auto` is `annealed` where inputs are standardised
    and have names, or numbers are predicted, else `constant`. A stream keeps what it began with. `ndekf` has no use for
    it."""
    anchoring: Anchoring = 3e-5
    """What part of the way back to its first value each weight goes at an update; 0 is none. Without it a net that has
    unlearned many times has weights too large to turn round; on a stream that stays as it is, it costs nothing."""

    @field_validator("memory_size")
    @classmethod
    def _bounded(cls, value: int, info: ValidationInfo) -> int:
        inputs = info.data.get("inputs", 1)
        features = {"ring": 2 * inputs, "taps": inputs}.get(info.data.get("memory", ""), 0)
        if features * value > MEMORY_FEATURES:
            raise ValueError(
                f"{value} for each of {inputs} inputs would make {features * value} inputs of the cell; "
                f"do this: set learner.memory_size to at most {MEMORY_FEATURES // features}, or learner.memory to none"
            )
        return value

    @field_validator("gradient")
    @classmethod
    def _affordable(cls, value: str, info: ValidationInfo) -> str:
        hidden = info.data.get("hidden", 0)
        if value == "rtrl" and hidden > RTRL_HIDDEN:
            raise ValueError(
                f"rtrl with {hidden} units would cost {(hidden / 16) ** 4:.0f} times what it costs with 16; "
                f"do this: set learner.hidden to at most {RTRL_HIDDEN}, or learner.gradient to tbptt or stale"
            )
        return value

    @field_validator("optimiser")
    @classmethod
    def _possible(cls, value: str, info: ValidationInfo) -> str:
        if value == "ndekf" and (problem := _why_no_filter(info.data)):
            raise ValueError(problem)
        return value

    @field_validator("schedule")
    @classmethod
    def _of_a_step(cls, value: str, info: ValidationInfo) -> str:
        if value == "annealed" and info.data.get("optimiser") == "ndekf":
            raise ValueError("ndekf has no step size that could be annealed; do this: set learner.schedule to auto")
        return value

    @property
    def bank(self) -> BankName:
        """The memory in use: what `auto` stands for.

        >>> LearnerSettings(inputs=1).bank, LearnerSettings(inputs=2).bank
        ('ring', 'none')
        """
        if self.memory == "auto":
            return "ring" if self.inputs == 1 else "none"
        return self.memory

    @field_validator("loss")
    @classmethod
    def _of_the_task(cls, value: LossName | Literal["auto"], info: ValidationInfo) -> str:
        task: TaskName = info.data.get("task", "binary")
        if value != "auto" and value not in LOSSES[task]:
            raise ValueError(f"{value} cannot be learned for task {task}; do this: use {' or '.join(LOSSES[task])}")
        return value

    @property
    def annealed(self) -> bool:
        """Whether the step size is; `auto` on its own is not, for it is the stream that decides."""
        return self.schedule == "annealed" and self.optimiser != "ndekf"

    @property
    def objective(self) -> LossName:
        """The loss in use: what `auto` stands for."""
        return LOSSES[self.task][0] if self.loss == "auto" else self.loss

    @property
    def targets(self) -> int:
        """Numbers that the loss compares the output with: one, or one for each horizon."""
        return len(self.horizons) if self.task == "forecast" else 1

    @property
    def outputs(self) -> int:
        """O, numbers that the network puts out: one, one for each class, or two for each target with its variance."""
        if self.objective == "softmax":
            return self.classes
        return self.targets * (2 if self.objective == "gaussian" else 1)

    def structure(self) -> dict[str, Any]:
        """The structural settings by name: two snapshots are interchangeable only if these are equal."""
        structural = [name for name, field in type(self).model_fields.items() if field.json_schema_extra == STRUCTURAL]
        values = {name: getattr(self, name) for name in structural}
        return values | {
            "memory": self.bank,
            "loss": self.objective,
            "horizons": ",".join(map(str, self.horizons)),
        }


def _why_no_filter(values: dict[str, Any]) -> str:
    """What stands against ndekf, and what to do; empty if nothing does. The settings are still being checked."""
    task, loss, hidden = values.get("task", "binary"), values.get("loss", "auto"), values.get("hidden", 0)
    if (LOSSES[task][0] if loss == "auto" else loss) not in NDEKF_LOSSES:
        return f"ndekf learns one bit or number, by loss {', '.join(NDEKF_LOSSES)}; do this: use rmsprop"
    if task == "forecast" and len(values.get("horizons", ())) > 1:
        return "ndekf learns one number; do this: set learner.horizons to a single one, or use rmsprop"
    count = 1.5 * hidden * (hidden + _features(values)) ** 2
    if count > NDEKF_COVARIANCES:
        return (
            f"ndekf with so many units and inputs would keep {count / 1e6:.0f} million covariances; "
            f"do this: set learner.hidden or learner.memory_size smaller, or use rmsprop"
        )
    return ""


def _features(values: dict[str, Any]) -> int:
    """Inputs of the cell, the memory's among them, where settings are still being checked."""
    inputs, memory, size = values.get("inputs", 1), values.get("memory", "none"), values.get("memory_size", 0)
    ring = memory == "ring" or (memory == "auto" and inputs == 1)
    return int(inputs * (1 + (2 * size if ring else size if memory == "taps" else 0)))
