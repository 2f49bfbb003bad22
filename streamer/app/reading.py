"""The settings of a daemon, also checked by what only the committee knows: who may be in it, and what they cost."""

from collections.abc import Sequence
from dataclasses import replace

from streamer.config.loading import Effective, load
from streamer.errors import SettingsError


def read_settings(file: str | None = None, overrides: Sequence[str] = ()) -> Effective:
    """Settings that a daemon can start with; SettingsError lists what is wrong. Nothing is made or compiled."""
    effective = load(file, overrides)
    if effective.settings.predictor == "committee":
        _check_committee(effective)
    return effective


def _check_committee(effective: Effective) -> None:
    from streamer.app.predictors import extra_members  # a daemon without a committee need not wait for them
    from streamer.learning.committee.lineup import usual_schema

    settings = effective.settings.committee_settings()
    try:
        usual_schema(settings, extra_members(settings, label_horizon=1))
    except SettingsError as error:
        faults = [replace(fault, origin=effective.origins.get(fault.setting, "")) for fault in error.faults]
        raise SettingsError(faults) from None
