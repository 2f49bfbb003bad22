"""`streamer replicate`: the systems that the story starts from, beside what was published of them."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streamer.cli.options import Json

if TYPE_CHECKING:
    from streamer.replication.finding import Finding
    from streamer.replication.system import Progress

application = typer.Typer(
    help="Run the systems that this project's story starts from, and compare with what was published.",
    no_args_is_help=True,
)

Plot = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Also draw the learning curves, as .png or .svg (needs matplotlib).")
]
Seeds = Annotated[int, typer.Option(min=1, max=100, help="How many seeds to run, side by side.")]


@application.command("question")
def question(seeds: Seeds = 3, plot: Plot = None, as_json: Json = False) -> None:
    """The question: a stateful Keras GRU that cannot say what the previous bit was."""
    _replicate("question", seeds, plot, as_json=as_json)


@application.command("answer-batch")
def answer_batch(seeds: Seeds = 3, plot: Plot = None, as_json: Json = False) -> None:
    """The answer, in batches: GRU(2) and a linear head, 33 parameters, on whole sequences."""
    _replicate("answer-batch", seeds, plot, as_json=as_json)


@application.command("answer-online")
def answer_online(seeds: Seeds = 8, plot: Plot = None, as_json: Json = False) -> None:
    """The answer, online: the question's script with a linear head, which learns and does not always hold."""
    _replicate("answer-online", seeds, plot, as_json=as_json)


def _replicate(system: str, seeds: int, plot: Path | None, *, as_json: bool) -> None:
    from streamer.app.replication import replicate

    with _progress() as progress:
        finding = replicate(system, seeds=seeds, plot=plot, progress=progress)
    _tell(finding, as_json=as_json)
    if plot is not None:
        from streamer.replication.plot import draw

        draw(finding.picture, plot)
        if not as_json:
            typer.echo(f" learning curves: {plot}")


def _tell(finding: "Finding", *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(finding.facts()))
        return
    from rich.console import Console

    from streamer.replication.report import WIDTH, report

    console = Console()
    console.print(report(finding), width=min(WIDTH, console.width))


@contextmanager
def _progress() -> "Iterator[Progress]":
    """Bars on stderr if that is a terminal, and nothing otherwise."""
    from streamer.replication.system import silent

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done)

        yield told
