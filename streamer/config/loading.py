"""From a file, the environment and `--set` to one configuration that knows where each value came from.

Later wins: default, then the TOML file, then `STREAMER_GROUP__KEY`, then `--set group.key=value`.
"""

import json
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, TomlConfigSettingsSource
from pydantic_settings import SettingsError as SourceError

from streamer.config.change import change_of, value_of
from streamer.config.daemon_keys import daemon_keys
from streamer.config.faults import faults_of, setting_names, unknown
from streamer.config.settings import Settings
from streamer.errors import Fault, SettingsError

_PREFIX = "STREAMER_"


@dataclass(frozen=True, slots=True)
class Effective:
    """Settings in force, and the origin of each that is not a default."""

    settings: Settings
    origins: Mapping[str, str]

    def table(self) -> str:
        """One line a setting, for people: TOML, and as a comment the origin and what a change takes."""
        rows = [
            (name, json.dumps(value), f"{origin}; {change_of(Settings, name)}") for name, value, origin in self.lines()
        ]
        width = max(len(name) for name, _, _ in rows)
        return "\n".join(f"{name:<{width}} = {value:<28}  # {origin}" for name, value, origin in rows)

    def lines(self) -> Iterator[tuple[str, Any, str]]:
        """Name, value and origin of every setting."""
        for name in setting_names(Settings):
            yield name, value_of(self.settings, name), self.origins.get(name, "default")


def load(file: str | None = None, overrides: Sequence[str] = ()) -> Effective:
    """Read all sources; SettingsError lists every fault of all of them."""
    chosen, faults = _overrides(overrides)
    from_file, unreadable = _read(file) if file else ({}, [])
    variables = _from_environment()
    origins = dict.fromkeys(_leaves(from_file), file or "") | variables | dict.fromkeys(_leaves(chosen), "--set")
    faults += unreadable + _unknown_variables(variables)
    try:
        settings = _layered(None if unreadable or not file else Path(file))(**chosen)
        daemon_keys(settings.transport, origins)
    except ValidationError as error:
        told = {fault.setting for fault in faults}
        faults += [fault for fault in faults_of(error, Settings, origins) if fault.setting not in told]
    except SourceError:
        pass  # a group given as a whole in one variable: told above
    except SettingsError as error:
        faults += error.faults
    if faults:
        raise SettingsError(faults)
    return Effective(settings, origins)


def _layered(file: Path | None) -> type[Settings]:
    class Layered(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    return Layered


def _read(file: str) -> tuple[dict[str, Any], list[Fault]]:
    try:
        with open(file, "rb") as stream:
            return tomllib.load(stream), []
    except OSError as error:
        return {}, [Fault(file, f"cannot be read ({error.strerror})", "give a file that exists")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [Fault(file, f"not TOML: {error}", "correct the line it names")]


def _from_environment() -> dict[str, str]:
    """Setting's name → variable's name, of every variable with the prefix in either case."""
    variables = [name for name in os.environ if name.upper().startswith(_PREFIX)]
    return {name[len(_PREFIX) :].lower().replace("__", "."): name for name in variables}


def _unknown_variables(variables: Mapping[str, str]) -> list[Fault]:
    # pydantic-settings does not look at a variable that fits no field
    known = list(setting_names(Settings))
    groups = {name.partition(".")[0] for name in known} - set(known)
    return [
        Fault(name, "a group cannot be set as a whole", f"set its members, like {variable.upper()}__NAME", variable)
        if name in groups
        else unknown(name, known, variable)
        for name, variable in variables.items()
        if name not in known
    ]


def _overrides(overrides: Sequence[str]) -> tuple[dict[str, Any], list[Fault]]:
    tree: dict[str, Any] = {}
    faults = []
    known = list(setting_names(Settings))
    for override in overrides:
        name, equals, value = override.partition("=")
        if not equals:
            faults.append(
                Fault(override, "not of the form group.key=value", "write it like learner.hidden=32", "--set")
            )
        elif name not in known:
            faults.append(unknown(name, known, "--set"))
        else:
            *groups, key = name.split(".")
            branch = tree
            for group in groups:
                branch = branch.setdefault(group, {})
            branch[key] = _toml_value(value)
    return tree, faults


def _toml_value(text: str) -> Any:
    """A TOML value, or the bare text where it is none: `--set telemetry.host=localhost` needs no quotes."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"
