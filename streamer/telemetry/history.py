"""The last ten minutes of all streams, a point a second: what a page that opens now shows at once.

Bounded: so many events, so many streams in each. Kept as the bytes that are sent, which are the smallest form and cost
nothing to send again.
"""

import math
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from streamer.evaluation.card import Answers, Errors
from streamer.telemetry.committee import shares
from streamer.telemetry.record import ServiceRecord, StreamRecord
from streamer.telemetry.verdict import faults, keeping_up, learning, soundness

LENGTH = 600
"""Events kept."""
SHOWN = 64
"""Streams in an event at most."""
SERIES = (
    "accuracy", "majority", "last_value", "log_loss_bits", "absolute_error", "best_error", "interval_coverage",
    "samples_per_second", "lag_seconds",
)  # fmt: skip
"""What is drawn over time."""


@dataclass(frozen=True, slots=True)
class Event:
    """A moment: its number since the daemon's start, and the JSON of all streams' points."""

    number: int
    data: bytes


class History:
    """Takes a record a second; gives events from any point on, and one stream's columns."""

    def __init__(self, started_at: float, *, length: int = LENGTH) -> None:
        self._boot = f"{round(1000 * started_at):x}"
        self._events: deque[Event] = deque(maxlen=length)
        self._number = 0
        self._before: dict[str, StreamRecord] = {}
        self._rates: dict[str, float | None] = {}

    def add(self, record: ServiceRecord, wall: float) -> None:
        """Take in what is published at a time, seconds since 1970."""
        shown = record.streams[:SHOWN]
        self._rates = {stream.name: _rate(self._before.get(stream.name), stream) for stream in shown}
        self._before = {stream.name: stream for stream in shown}
        points = {stream.name: self._point(stream, record, wall) for stream in shown}
        moment = {"at": round(wall, 3), "state": record.state, "reasons": record.reasons, "streams": points}
        self._number += 1
        self._events.append(Event(self._number, msgspec.json.encode(moment)))

    def rate(self, stream: str) -> float | None:
        """Samples a second of late; None before the second look."""
        return self._rates.get(stream)

    def name(self, event: Event) -> str:
        """The event's id, which no event of another start of the daemon has."""
        return f"{self._boot}-{event.number}"

    def newest(self) -> str | None:
        """The id of the newest event."""
        return self.name(self._events[-1]) if self._events else None

    def after(self, last: str | None) -> list[Event]:
        """The events after the one of that id, as far back as they are kept.

        All of them if the id is of another start of the daemon, or none of ours; only the newest if there is no id.
        """
        events = list(self._events)
        if last is None:
            return events[-1:]
        found = re.fullmatch(rf"{self._boot}-([0-9]{{1,15}})", last)
        return events if found is None else [event for event in events if event.number > int(found[1])]

    def columns(self, stream: str) -> dict[str, list[float | None]]:
        """One stream's series by name, with `at`, oldest first."""
        columns: dict[str, list[float | None]] = {name: [] for name in ("at", *SERIES)}
        for point in self._points(stream):
            row = {**point["baseline_accuracy"], **point}
            for name, column in columns.items():
                column.append(row.get(name))
        return columns

    def shares(self, stream: str) -> list[dict[str, float]]:
        """How much each member of a committee carried, in step with the columns; empty where there is none."""
        return [point.get("shares", {}) for point in self._points(stream)]

    def _points(self, stream: str) -> Iterator[dict[str, Any]]:
        for event in list(self._events):
            moment: dict[str, Any] = msgspec.json.decode(event.data)
            point = moment["streams"].get(stream)
            if point is not None:
                yield {"at": moment["at"], **point}

    def _point(self, stream: StreamRecord, record: ServiceRecord, wall: float) -> dict[str, Any]:
        verdict = learning(stream)
        others = (keeping_up(stream, wall), soundness(stream, record.reasons))
        return {
            "samples": stream.samples,
            **_answers(stream.scores.answers),
            **_errors(stream.scores.nearest),
            "samples_per_second": self._rates[stream.name],
            "lag_seconds": _rounded(stream.lag_seconds, 3),
            "connected": stream.connected,
            "faults": sum(faults(stream).values()),
            "verdict": {"level": verdict.level, "words": verdict.words},
            "trouble": [other.words for other in others if other.level == "bad"],
            **({"shares": shares(stream.standings)} if stream.standings.members else {}),
        }


def _answers(answers: Answers | None) -> dict[str, Any]:
    if answers is None:
        return {"accuracy": None, "baseline_accuracy": {}, "log_loss_bits": None}
    return {
        "accuracy": _rounded(answers.accuracy_windowed, 5),
        "baseline_accuracy": {name: _rounded(value, 5) for name, value in answers.baselines_windowed.items()},
        "log_loss_bits": _rounded(answers.log_loss_bits_windowed, 4),
    }


def _errors(errors: Errors | None) -> dict[str, float | None]:
    if errors is None:
        return {}
    return {
        "absolute_error": _rounded(errors.absolute_windowed, 5),
        "best_error": _rounded(min(errors.nulls_windowed.values()), 5),
        "interval_coverage": _rounded(errors.coverage_windowed, 4),
    }


def _rate(before: StreamRecord | None, now: StreamRecord) -> float | None:
    """Samples a second between two looks, by when the samples were learned and not by when one looked."""
    if before is None or before.last_sample_at is None or now.last_sample_at is None:
        return None
    seconds = now.last_sample_at - before.last_sample_at
    return _rounded((now.steps - before.steps) / seconds, 4) if seconds > 0 else 0.0


def _rounded(value: float | None, digits: int) -> float | None:
    """To so many significant digits; None for what is not known."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{digits}g}")
