"""`streamer demo`: a newcomer's first minute."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from streamer.cli.options import Json, Quiet, Set

if TYPE_CHECKING:
    from rich.console import Console

    from streamer.app.demo import Look

    Show = Callable[[Look], None]

TITLE = "a GRU learns online to say 0 if the previous bit was 1"


def demo(
    samples: Annotated[int | None, typer.Option(min=1, help="End after this many samples; default: at Ctrl-C.")] = None,
    set_: Set = [],  # noqa: B006
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Start a producer and a daemon, and watch a GRU learn to remember the previous bit."""
    from streamer.app.demo import run_demo, summary
    from streamer.service.signals import interrupt, stop_on_signals

    with stop_on_signals(interrupt) as stop, _showing(quiet=as_json or quiet) as show:
        last = run_demo(set_, samples, stop, show)
    if as_json:
        typer.echo(json.dumps(summary(last)))
    elif not quiet:
        typer.echo("producer and daemon have stopped cleanly")


@contextmanager
def _showing(*, quiet: bool) -> "Iterator[Show]":
    from rich.console import Console

    console = Console()
    if quiet:
        yield lambda look: None
    elif console.is_terminal:
        with _live(console) as show:
            yield show
    else:
        yield _lines()


@contextmanager
def _live(console: "Console") -> "Iterator[Show]":
    from rich.live import Live

    from streamer.app.view import stream_view

    console.print(f"[bold]streamer demo[/]  {TITLE}\nstarting a producer and a daemon; Ctrl-C ends both\n")
    with Live(console=console, auto_refresh=False) as live:
        yield lambda look: live.update(stream_view("bits", look.stream, look.metrics), refresh=True)


def _lines() -> "Show":
    """One line a second at most, from the first sample on."""
    from streamer.clock import SystemClock

    clock, due = SystemClock(), 0.0

    def show(look: "Look") -> None:
        nonlocal due
        if look.samples and clock.monotonic() >= due:
            due = clock.monotonic() + 1.0
            _line(look)

    return show


def _line(look: "Look") -> None:
    from streamer.telemetry.evidence import percent

    stream = look.stream
    baseline = stream.get("baseline_accuracy", {}).get("majority")
    typer.echo(
        f"{look.samples:>9,} samples   right {percent(stream.get('accuracy'))}   majority class {percent(baseline)}"
        f"   {stream.get('samples_per_second') or 0:,.0f} a second   {look.metrics}"
    )
