"""What all groups of settings share: frozen, nothing unknown, no NaN, and one error that lists every fault."""

from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from streamer.config.faults import faults_of
from streamer.errors import SettingsError

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)  # it has no public name


class _Constructor(ModelMetaclass):
    """Turns pydantic's error into ours where a program constructs a group.

    As part of a larger model a group is not constructed through here, so that pydantic can collect every fault.
    """

    def __call__(self, *args: Any, **values: Any) -> Any:
        try:
            return super().__call__(*args, **values)
        except ValidationError as error:
            raise SettingsError(faults_of(error, cast("type[BaseModel]", self))) from None


class Group(BaseModel, metaclass=_Constructor):
    """A frozen group of settings; wrong values raise SettingsError."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)
