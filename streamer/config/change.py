"""What a change of a setting takes, said once at each: README, `check-config` and reloads all have it from there."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel

from streamer.config.faults import setting_names

Change = Literal["live", "restart", "structural"]

LIVE = {"kind": "live"}
"""In force after a reload, between two blocks."""
RESTART = {"kind": "restart"}
"""In force after a restart. So is every setting that says nothing."""
STRUCTURAL = {"kind": "structural"}
"""Fixed once a stream has a checkpoint."""


def change_of(model: type[BaseModel], name: str) -> Change:
    """What a change of the setting with a dotted name takes."""
    kind: Any = model
    *groups, key = name.split(".")
    for group in groups:
        kind = kind.model_fields[group].annotation
    extra: Any = kind.model_fields[key].json_schema_extra or RESTART
    change: Change = extra["kind"]
    return change


def value_of(settings: BaseModel, name: str) -> Any:
    """The value of the setting with a dotted name."""
    value: Any = settings
    for part in name.split("."):
        value = getattr(value, part)
    return value


def differing(before: BaseModel, after: BaseModel) -> Iterator[str]:
    """The dotted names of the settings that two configurations of one model do not agree on."""
    return (name for name in setting_names(type(before)) if value_of(before, name) != value_of(after, name))
