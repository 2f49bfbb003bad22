"""From pydantic's findings to faults that say what to do, an unknown name's nearest neighbour among it."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from streamer.errors import Fault

# pydantic's word for a bound → how the remedy says it
_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def faults_of(error: ValidationError, model: type[BaseModel], origins: Mapping[str, str] | None = None) -> list[Fault]:
    """Every fault in `error`, one record each, in the order of the settings."""
    known = list(setting_names(model))
    return [_fault(details, known, origins or {}) for details in error.errors(include_url=False)]


def unknown(setting: str, known: Iterable[str], origin: str = "") -> Fault:
    """The fault of a name that no setting has.

    >>> print(unknown("learner.hiden", ["learner.hidden", "seed"]))
    learner.hiden: no setting has this name; do this: write learner.hidden
    """
    names = list(known)
    if "." not in setting:  # perhaps a group is meant
        names = list(dict.fromkeys([name.partition(".")[0] for name in names] + names))
    last = {name.rpartition(".")[2]: name for name in names}
    near = difflib.get_close_matches(setting, names, 1, 0.6) or [
        last[name] for name in difflib.get_close_matches(setting.rpartition(".")[2], last, 1, 0.75)
    ]
    if near:
        remedy = f"write {near[0]}"
    elif len(names) <= 8:
        remedy = f"use one of {', '.join(names)}"
    else:
        remedy = "take it out; `streamer check-config` lists every setting"
    return Fault(setting, "no setting has this name", remedy, origin)


def setting_names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The dotted names of all settings below a model."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from setting_names(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def _fault(details: Any, known: list[str], origins: Mapping[str, str]) -> Fault:
    setting = ".".join(str(part) for part in details["loc"])
    origin = _origin(setting, origins)
    if details["type"] == "extra_forbidden":
        return unknown(setting, known, origin)
    got = f"got {details['input']!r}"
    context = details.get("ctx", {})
    for bound, words in _BOUNDS.items():
        if bound in context:
            return Fault(setting, f"{got}, out of range", f"give {words} {context[bound]}", origin)
    if details["type"] == "literal_error":
        return Fault(setting, f"{got}, not one of the choices", f"give {context['expected']}", origin)
    if details["type"] == "value_error":
        problem, _, remedy = str(context["error"]).partition("; do this: ")
        return Fault(setting, problem, remedy or "correct it", origin)
    message = details["msg"]
    return Fault(setting, got, message[0].lower() + message[1:], origin)


def _origin(setting: str, origins: Mapping[str, str]) -> str:
    """Where a setting, or anything below it, was given."""
    return next((origin for name, origin in origins.items() if f"{name}.".startswith(f"{setting}.")), "")
