"""How far a producer has come, on stderr: a line that moves on a terminal, plain lines now and then elsewhere."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from streamer.client.feed import Feed

LINE_SECONDS = 10.0
"""Between one plain line and the next."""
LOOKING_SECONDS = 2.0
DRAW_SECONDS = 0.2
LOOKS = 25
"""Over which a rate is taken."""


class Pace:
    """Rows a second, over the last looks.

    >>> pace = Pace()
    >>> [pace.rate(now, done) for now, done in [(0.0, 0), (2.0, 1000)]]
    [0.0, 500.0]
    """

    def __init__(self) -> None:
        self._looks: list[tuple[float, int]] = []

    def rate(self, now: float, done: int) -> float:
        """Look again."""
        self._looks = [*self._looks[-LOOKS:], (now, done)]
        began, before = self._looks[0]
        return max(0.0, (done - before) / (now - began)) if now > began else 0.0


class Progress:
    """Called after each turn of a feed. Says what is being waited for when that changes, and rows, rate and score.

    `total` is how many rows there are, if that is known; `score` tells in words how good the predictions are.
    """

    def __init__(
        self,
        endpoint: str,
        monotonic: Callable[[], float],
        *,
        quiet: bool,
        total: int | None = None,
        score: Callable[[], str] = lambda: "",
    ) -> None:
        self._endpoint = endpoint
        self._monotonic = monotonic
        self._quiet = quiet
        self._total = total
        self._score = score
        self._pace = Pace()
        self._said = ""
        self._looked = self._told = monotonic()
        self._line = _MovingLine(total) if not quiet and sys.stderr.isatty() else None

    def __call__(self, feed: "Feed") -> None:
        """Say what there is to be said."""
        if self._quiet:
            return
        self._say(self._state(feed))
        now = self._monotonic()
        if feed.started_from is None or now - self._looked < DRAW_SECONDS:
            return
        self._looked = now
        rate = self._pace.rate(now, feed.learned)
        if self._line is not None:
            self._line.draw(feed.learned, rate, self._score())
        elif now - self._told >= LINE_SECONDS:
            self._told = now
            print(words(feed.learned, self._total, rate, self._score()), file=sys.stderr)  # noqa: T201

    def close(self) -> None:
        """Leave the terminal in order."""
        if self._line is not None:
            self._line.close()

    def _state(self, feed: "Feed") -> str:
        state = f"{feed.phase.value} at {self._endpoint}"
        if feed.obstacle:
            return f"{state}: {feed.obstacle}; trying again"
        if feed.refusal is not None:
            return f"{state}: {feed.refusal.explanation}; trying again"
        return state

    def _say(self, state: str) -> None:
        if state != self._said:
            print(state, file=sys.stderr)  # noqa: T201
        self._said = state


class Looking:
    """Says now and then how many rows have been looked at, before any is sent: of a large file that takes a while."""

    def __init__(self, name: str, monotonic: Callable[[], float], *, quiet: bool) -> None:
        self._name = name
        self._monotonic = monotonic
        self._quiet = quiet
        self._told = monotonic()

    def __call__(self, rows: int) -> None:
        """So many rows by now."""
        now = self._monotonic()
        if not self._quiet and now - self._told >= LOOKING_SECONDS:
            self._told = now
            print(f"looking through {self._name}: {rows:,} rows", file=sys.stderr)  # noqa: T201


def words(done: int, total: int | None, rate: float, score: str) -> str:
    """One line of progress.

    >>> words(5000, 20000, 1000.0, "accuracy 91.0 %")
    '5,000 of 20,000 learned · 1,000 a second · 0:00:15 left · accuracy 91.0 %'
    """
    parts = [f"{done:,} learned" if total is None else f"{done:,} of {total:,} learned", f"{rate:,.0f} a second"]
    if total is not None and rate > 0:
        left = int((total - done) / rate)
        parts.append(f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02} left")
    return " · ".join([*parts, score] if score else parts)


class _MovingLine:
    """On a terminal."""

    def __init__(self, total: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        columns = [SpinnerColumn() if total is None else BarColumn(30), TextColumn("{task.description}")]
        self._total = total
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
        self._task: TaskID = self._progress.add_task("", total=total)
        self._progress.start()

    def draw(self, done: int, rate: float, score: str) -> None:
        """Show how far it has come."""
        self._progress.update(self._task, completed=done, description=words(done, self._total, rate, score))
        self._progress.refresh()

    def close(self) -> None:
        """Take the line away."""
        self._progress.stop()
