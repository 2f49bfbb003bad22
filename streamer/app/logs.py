"""Logs to stderr: text on a terminal, a JSON object a line otherwise. Never a line a sample."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import structlog

from streamer.clock import Clock
from streamer.config.loading import Effective
from streamer.service.observer import Observer

REPEAT_SECONDS = 10.0
"""The same warning for the same reason is written at most this often; the counters count every one."""
LINES = 100
"""Different lines of one event written within that time. Names come from the network: a flood of them must fill
neither the memory nor the disk, nor keep other events from being told."""


class LogObserver:
    """Writes what the daemon notes and warns of, repeats held back. A log that cannot be written never stops it."""

    def __init__(self, clock: Clock) -> None:
        self._log = structlog.get_logger()
        self._clock = clock
        self._written: dict[str, dict[tuple[str, ...], tuple[float, int]]] = {}
        """Event → line → when it was written, and how many were held back since."""
        self._left_out: Counter[str] = Counter()
        """Event → other lines of it that were too many, since the last one that was written."""

    def note(self, event: str, **facts: object) -> None:
        """Write a line, unless the same was written a moment ago."""
        self._write(self._log.info, event, facts)

    def warn(self, event: str, **facts: object) -> None:
        """Write a warning, unless the same was written a moment ago."""
        self._write(self._log.warning, event, facts)

    def _write(self, write: Callable[..., object], event: str, facts: dict[str, object]) -> None:
        key = tuple(str(facts.get(name)) for name in ("stream", "reason", "path", "key", "reload"))
        now, lines = self._clock.monotonic(), self._written.setdefault(event, {})
        written_at, held_back = lines.get(key, (float("-inf"), 0))
        if now - written_at < REPEAT_SECONDS:
            lines[key] = (written_at, held_back + 1)
            return
        if key not in lines and len(lines) >= LINES:
            self._written[event] = lines = {k: v for k, v in lines.items() if now - v[0] < REPEAT_SECONDS}
            if len(lines) >= LINES:
                self._left_out[event] += 1
                return
        lines[key] = (now, 0)
        with suppress(OSError):  # the reader of the log has left, or its disk is full: learning goes on
            write(event, **facts, **_held_back(repeats=held_back, others=self._left_out.pop(event, 0)))


def _held_back(**counts: int) -> dict[str, int]:
    """What a line says of those that were not written, if there were any."""
    return {f"{kind}_held_back": count for kind, count in counts.items() if count}


def set_up_logs() -> None:
    """Once, at the start of the daemon."""
    on_terminal = sys.stderr.isatty()
    for_people = structlog.dev.ConsoleRenderer(pad_event_to=0, colors=not os.environ.get("NO_COLOR"))
    renderer = for_people if on_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if on_terminal else "iso", utc=not on_terminal),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def log_settings(effective: Effective, observer: Observer) -> None:
    """The settings in force and where each came from: a table on a terminal, one object otherwise."""
    if sys.stderr.isatty():
        print(effective.table(), file=sys.stderr)  # noqa: T201
    else:
        observer.note("settings", **{name: f"{value} ({origin})" for name, value, origin in effective.lines()})
