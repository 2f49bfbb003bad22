"""What all groups of settings share: frozen, nothing unknown, no NaN, and a constructor that lists every fault."""

from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from streamer.config.faults import faults_of
from streamer.errors import SettingsError


class Group(BaseModel):
    """A frozen group of settings. Constructed in a program, it raises `SettingsError` with every fault."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True, validate_default=True
    )

    @model_validator(mode="wrap")
    @classmethod
    def _refuse(cls, value: Any, handler: ModelWrapValidatorHandler["Group"], info: ValidationInfo) -> "Group":
        # Inside a larger model pydantic must collect the faults itself; alone, they are raised as ours.
        if info.context is not None:
            return handler(value)
        try:
            return handler(value)
        except ValidationError as error:
            raise SettingsError(faults_of(error, cls)) from None
