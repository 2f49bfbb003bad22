"""The settings of one learner: structural ones fix the shape of its snapshots, others may change."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from streamer.config.change import LIVE, STRUCTURAL
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
Loss = Annotated[Literal["binary", "squared"], Field(json_schema_extra=STRUCTURAL)]
Optimiser = Annotated[Literal["rmsprop", "sgd", "adam"], Field(json_schema_extra=STRUCTURAL)]
StepSize = Annotated[float, Field(gt=0, le=1, json_schema_extra=LIVE)]
Anchoring = Annotated[float, Field(ge=0, le=1, json_schema_extra=STRUCTURAL)]

RTRL_HIDDEN = 24
"""The most units that exact RTRL is allowed: a step costs about 3 H³ (H + F) multiplications, 10 µs at 16 units."""

MEMORY_FEATURES = 4096
"""The most numbers that a memory may add to the cell's input; it bounds what a learner may take of the machine."""


class LearnerSettings(Group):
    """What a learner is made of.

    >>> LearnerSettings(inputs=1, hidden=16).truncation
    8
    """

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
    loss: Loss = "binary"
    """`binary`: targets 0 and 1, predictions are probabilities. `squared`: any finite target, predicted as it is."""
    optimiser: Optimiser = "rmsprop"
    """`rmsprop`; `adam`, which recovers badly when a stream changes; `sgd`, which wants another step size."""
    step_size: StepSize = 0.01
    """How far the optimiser moves the weights at each sample. Smaller for noisy streams."""
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

    @property
    def bank(self) -> BankName:
        """The memory in use: what `auto` stands for.

        >>> LearnerSettings(inputs=1).bank, LearnerSettings(inputs=2).bank
        ('ring', 'none')
        """
        if self.memory == "auto":
            return "ring" if self.inputs == 1 else "none"
        return self.memory

    def structure(self) -> dict[str, Any]:
        """The structural settings by name: two snapshots are interchangeable only if these are equal."""
        structural = [name for name, field in type(self).model_fields.items() if field.json_schema_extra == STRUCTURAL]
        return {name: getattr(self, name) for name in structural} | {"memory": self.bank}
