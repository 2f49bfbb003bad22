"""The names that a daemon's /metrics page has, and those that deploy/ asks for."""

import re
from pathlib import Path

import yaml

from streamer.telemetry.collector import exposition
from streamer.telemetry.record import Board
from tests.deploy.tools import DEPLOY
from tests.telemetry.records import SERVICE

PARTS = {"histogram": ("_bucket", "_sum", "_count")}


def exposed() -> set[str]:
    """All series of the catalogue's page, those that have no point yet among them."""
    board = Board()
    board.publish(SERVICE)
    return exposed_by(exposition(board)[0].decode())


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
    return asked_for(text) - exposed() - recorded()


def files(*patterns: str) -> list[Path]:
    """Files of deploy/."""
    return sorted(path for pattern in patterns for path in DEPLOY.glob(pattern))
