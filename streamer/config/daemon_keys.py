"""The daemon's secret key and its allow-list, from the files that the settings name."""

from collections.abc import Mapping
from dataclasses import dataclass

from streamer.config.allowlist import AllowList, read_allow_list
from streamer.config.keys import read_secret
from streamer.config.settings import TransportSettings
from streamer.errors import Fault, SettingsError


@dataclass(frozen=True, slots=True)
class DaemonKeys:
    """What a daemon with keys needs."""

    secret: str
    allowed: AllowList


def daemon_keys(settings: TransportSettings, origins: Mapping[str, str] | None = None) -> DaemonKeys | None:
    """Both files read; None if no keys are set. SettingsError lists everything that is wrong with either."""
    if not settings.key:
        return None
    origins = origins or {}
    faults: list[Fault] = []
    try:
        secret = read_secret(settings.key, "transport.key", origins.get("transport.key", ""))
    except SettingsError as error:
        faults += error.faults
    try:
        allowed = read_allow_list(settings.allow, origin=origins.get("transport.allow", ""))
    except SettingsError as error:
        faults += error.faults
    if faults:
        raise SettingsError(faults)
    return DaemonKeys(secret, allowed)
