"""The names that a daemon's /metrics page has, and those that deploy/ asks for."""

import re
from pathlib import Path

import yaml

from streamer.telemetry.collector import exposition
from streamer.telemetry.record import Board
from tests.deploy.tools import DEPLOY
from tests.telemetry.records import SERVICE

PARTS = {"histogram": ("_bucket", "_sum", "_count")}
COMING = {
    "streamer_checkpoint_duration_seconds", "streamer_credit_samples", "streamer_lag_samples", "streamer_lag_seconds",
    "streamer_prediction_delay_seconds_bucket",
    "streamer_skipped_updates_total",
    "streamer_step_seconds_bucket", "streamer_step_seconds_count", "streamer_step_seconds_sum",
}  # fmt: skip
"""Metrics that the catalogue is about to get. A test wants each taken out as soon as it is there; then this can go."""


def exposed() -> set[str]:
    """All series of the catalogue's page, those that have no point yet among them."""
    board = Board()
    board.publish(SERVICE)
    return exposed_by(exposition(board).decode())


def exposed_by(page: str) -> set[str]:
    """All series of a page, by its TYPE lines."""
    families = re.findall(r"^# TYPE (\w+) (\w+)$", page, flags=re.MULTILINE)
    return {name + part for name, kind in families for part in PARTS.get(kind, ("",))}


def recorded() -> set[str]:
    """What the recording rules make."""
    groups = yaml.safe_load((DEPLOY / "prometheus" / "recording.yaml").read_text())["groups"]
    return {rule["record"] for group in groups for rule in group["rules"]}


def asked_for(expression: str) -> set[str]:
    """The names of ours in an expression or a text: metrics, and what is recorded of them."""
    return set(re.findall(r"\bstreamer[:_][a-z0-9_:]+", expression))


def unknown(text: str) -> set[str]:
    """What a text asks for and nobody has."""
    return asked_for(text) - exposed() - recorded() - COMING


def files(*patterns: str) -> list[Path]:
    """Files of deploy/."""
    return sorted(path for pattern in patterns for path in DEPLOY.glob(pattern))
