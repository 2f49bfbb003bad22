"""From a file, the environment and `--set` to one configuration that knows where each value came from.

Later wins: default, then the TOML file, then `STREAMER_GROUP__KEY`, then `--set group.key=value`.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, TomlConfigSettingsSource

from streamer.config.faults import faults_of, setting_names, unknown
from streamer.config.settings import Settings
from streamer.errors import Fault, SettingsError

_PREFIX = "STREAMER_"


@dataclass(frozen=True, slots=True)
class Effective:
    """Settings in force, and the origin of each that is not a default."""

    settings: Settings
    origins: Mapping[str, str]

    def lines(self) -> Iterator[tuple[str, Any, str]]:
        """Name, value and origin of every setting."""
        for name in setting_names(Settings):
            value: Any = self.settings
            for part in name.split("."):
                value = getattr(value, part)
            yield name, value, self.origins.get(name, "default")


def load(file: str | None = None, overrides: Sequence[str] = ()) -> Effective:
    """Read all sources; SettingsError lists every fault of all of them."""
    chosen, faults = _overrides(overrides)
    from_file = _read(file) if file else {}
    origins = (
        dict.fromkeys(_leaves(from_file), file or "") | _from_environment() | dict.fromkeys(_leaves(chosen), "--set")
    )
    known = list(setting_names(Settings))
    faults += [
        unknown(name, known, origins[name])
        for name in _from_environment()
        if name.split(".")[0] not in Settings.model_fields
    ]
    try:
        settings = _layered(Path(file) if file else None)(**chosen)
    except ValidationError as error:
        raise SettingsError(faults + faults_of(error, Settings, origins)) from None
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


def _read(file: str) -> dict[str, Any]:
    try:
        with open(file, "rb") as stream:
            return tomllib.load(stream)
    except OSError as error:
        raise SettingsError([Fault(file, f"cannot be read ({error.strerror})", "give a file that exists")]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([Fault(file, f"not TOML: {error}", "correct the line it names")]) from None


def _from_environment() -> dict[str, str]:
    variables = [name for name in os.environ if name.startswith(_PREFIX)]
    return {name.removeprefix(_PREFIX).lower().replace("__", "."): name for name in variables}


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
