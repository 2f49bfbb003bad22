"""Logs to stderr: text on a terminal, a JSON object a line otherwise. Never a line a sample."""

import sys

import structlog

from streamer.clock import Clock
from streamer.config.loading import Effective
from streamer.service.observer import Observer

REPEAT_SECONDS = 10.0
"""The same warning for the same reason is written at most this often; the counters count every one."""


class LogObserver:
    """Writes what the daemon notes, and warnings with their repeats held back."""

    def __init__(self, clock: Clock) -> None:
        self._log = structlog.get_logger()
        self._clock = clock
        self._warned: dict[tuple[str, object], tuple[float, int]] = {}

    def note(self, event: str, **facts: object) -> None:
        """Write a line."""
        self._log.info(event, **facts)

    def warn(self, event: str, **facts: object) -> None:
        """Write a line, unless the same warning was written a moment ago."""
        key, now = (event, facts.get("reason")), self._clock.monotonic()
        written_at, held_back = self._warned.get(key, (float("-inf"), 0))
        if now - written_at < REPEAT_SECONDS:
            self._warned[key] = (written_at, held_back + 1)
            return
        self._warned[key] = (now, 0)
        repeats = {"repeats_held_back": held_back} if held_back else {}
        self._log.warning(event, **facts, **repeats)


def set_up_logs() -> None:
    """Once, at the start of the daemon."""
    on_terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer(pad_event_to=0) if on_terminal else structlog.processors.JSONRenderer()
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
