"""From pydantic's findings to faults that say what to do, an unknown name's nearest neighbour among it."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from streamer.errors import Fault

# pydantic's word for a bound → how the remedy says it
_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}

_KINDS = {
    "int": "give a whole number",
    "float": "give a number",
    "finite": "give a finite number",
    "bool": "give true or false",
    "string": 'give text, in "quotes"',
    "tuple": 'give a list, like ["tcp://127.0.0.1:5556"]',
    "model": "give a table of settings",
}


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
    near = _nearest(setting, names)
    group = setting.rpartition(".")[0]
    members = [name for name in names if name.rpartition(".")[0] == group]
    if near:
        remedy = f"write {near}"
    elif len(members) > 1:
        remedy = f"use one of {', '.join(members)}"
    else:
        remedy = "take it out; `streamer check-config` lists every setting"
    return Fault(setting, "no setting has this name", remedy, origin)


def _nearest(setting: str, names: list[str]) -> str | None:
    """The name that is probably meant: of the same group, else of any group, else a group."""
    group, _, member = setting.rpartition(".")
    last = {name.rpartition(".")[2]: name for name in names}
    siblings = {name.rpartition(".")[2]: name for name in names if name.rpartition(".")[0] == group}
    for candidates, wanted, closeness in (
        (siblings, member, 0.7),
        (last, member, 0.8),
        ({name: name for name in names}, setting, 0.85),
        ({name.partition(".")[0]: name.partition(".")[0] for name in names}, setting, 0.7),
    ):
        found = difflib.get_close_matches(wanted, candidates, 1, closeness)
        if found:
            return candidates[found[0]]
    return None


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
    kind = details["type"].partition("_")[0]
    message = details["msg"]
    return Fault(setting, got, _KINDS.get(kind, message[0].lower() + message[1:]), origin)


def _origin(setting: str, origins: Mapping[str, str]) -> str:
    """Where a setting, or anything below it, was given."""
    return next((origin for name, origin in origins.items() if f"{name}.".startswith(f"{setting}.")), "")
