"""`streamer watch`: a running daemon, live in the terminal."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from streamer.cli.options import DAEMON_URL, Json, Stream, Url

if TYPE_CHECKING:
    from collections.abc import Callable

    Show = Callable[[dict[str, Any] | None], None]

LOOK_SECONDS = 0.5


def watch(url: Url = DAEMON_URL, stream: Stream = None, as_json: Json = False) -> None:
    """Watch a running daemon learn, until Ctrl-C; it may be on another machine, and may go and come back."""
    from rich.console import Console

    from streamer.app.remote import fetch_status
    from streamer.app.watching import chosen, looks
    from streamer.service.signals import interrupt, stop_on_signals

    def look() -> dict[str, Any]:
        seen = fetch_status(url)
        chosen(seen, stream)
        return seen

    console = Console()
    live = console.is_terminal and not as_json
    with stop_on_signals(interrupt) as stop, _live(console, url, stream) if live else _lines(stream, as_json) as show:
        for seen in looks(look, LOOK_SECONDS if live else 1.0, stop):
            show(seen)


@contextmanager
def _live(console: Any, url: str, stream: str | None) -> "Iterator[Show]":
    from rich.console import Group
    from rich.live import Live
    from rich.text import Text

    from streamer.app.overview import daemon_view
    from streamer.app.watching import chosen

    shown: Any = Text()
    with Live(console=console, auto_refresh=False) as live:

        def show(status: dict[str, Any] | None) -> None:
            nonlocal shown
            if status is None:
                away = Text(f"! no daemon answers at {url}; what you see is old, trying again", "bold red")
                live.update(Group(shown, away), refresh=True)
            else:
                shown = daemon_view(status, chosen(status, stream))
                live.update(shown, refresh=True)

        yield show


@contextmanager
def _lines(stream: str | None, as_json: bool) -> "Iterator[Show]":
    """For a file or a pipe: a line a look."""
    from streamer.app.watching import chosen

    def show(status: dict[str, Any] | None) -> None:
        if as_json:
            typer.echo(json.dumps(status))
        elif status is None:
            typer.echo("no daemon answers, trying again")
        else:
            name = chosen(status, stream)
            typer.echo(_line(name, status["streams"][name]) if name else "no stream yet")

    yield show


def _line(name: str, stream: dict[str, Any]) -> str:
    from streamer.app.carrying import carrier
    from streamer.telemetry.evidence import headline

    words = " · ".join(verdict["words"] for verdict in stream["verdict"].values())
    speed = stream["recent_samples_per_second"] or 0
    how = "right" if stream["absolute_error"] is None else "off by"
    parts = [
        f"{name}  {stream['samples']:,} samples  {how} {headline(stream)}  {speed:,.0f} a second",
        carrier(stream),
        words,
    ]
    return "  ".join(part for part in parts if part)
