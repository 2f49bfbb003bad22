"""The settings of one learner: structural ones fix the shape of its snapshots, tunable ones may change at a restart."""

from typing import Annotated, Any, Literal

from pydantic import Field

from streamer.config.group import Group

STRUCTURAL = {"kind": "structural"}
TUNABLE = {"kind": "tunable"}

Inputs = Annotated[int, Field(ge=1, le=64, json_schema_extra=STRUCTURAL)]
Hidden = Annotated[int, Field(ge=1, le=256, json_schema_extra=STRUCTURAL)]
Truncation = Annotated[int, Field(ge=1, le=256, json_schema_extra=STRUCTURAL)]
StepSize = Annotated[float, Field(gt=0, le=1, json_schema_extra=TUNABLE)]

EngineName = Literal["auto", "fused", "reference"]


class LearnerSettings(Group):
    """What a learner is made of.

    >>> LearnerSettings(inputs=1, hidden=16).truncation
    8
    """

    inputs: Inputs = 1
    """I, numbers in a sample's input. A stream that has another count is refused."""
    hidden: Hidden = 16
    """H, units of the GRU. Width buys reliability: 4 units are enough for the bit stream, 2 sometimes fail."""
    truncation: Truncation = 8
    """K, time steps that the gradient runs back. It must exceed the lag to be learned; 1 cuts it before the
    previous input, which is how the puzzle fails. Costs time in proportion, not accuracy."""
    step_size: StepSize = 0.01
    """How far RMSProp moves the weights at each sample. Smaller for noisy streams."""

    cell: Literal["gru"] = "gru"
    memory: str = "none"
    memory_size: int = 16
    memory_radius: float = 0.95
    gradient: str = "tbptt"
    optimiser: str = "rmsprop"
    loss: str = "binary"
    anchoring: float = 0.0

    @property
    def bank(self) -> str:
        return self.memory

    def structure(self) -> dict[str, Any]:
        """The structural settings by name: two snapshots are interchangeable only if these are equal."""
        structural = [name for name, field in type(self).model_fields.items() if field.json_schema_extra == STRUCTURAL]
        return {name: getattr(self, name) for name in structural}
