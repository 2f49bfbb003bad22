"""`streamer produce SOURCE`: publish a stream to a daemon."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from streamer.cli.options import DAEMON, Batch, DaemonKey, Json, Key, Quiet, Rate, Samples, To
from streamer.cli.produce_table import TABLE, TableGroup, table
from streamer.cli.progress import Progress

if TYPE_CHECKING:
    from streamer.sources.source import Source

HELP = """Publish a stream to a daemon, until it is learned or Ctrl-C.

Your own rows: streamer produce data.csv --target price; a file (CSV or JSON lines, plain or gzip), a directory of them,
- for stdin, or river:NAME. A synthetic stream: streamer produce bits.
"""
application = typer.Typer(help=HELP, no_args_is_help=True, cls=TableGroup)

Seed = Annotated[int, typer.Option(min=0, help="Seed of the stream.")]
Stream = Annotated[str, typer.Option(help="The stream's name at the daemon.")]

# As in streamer.sources.tasks, which help must not load; a test holds the two together.
TASKS = {
    "inverse": "The puzzle as a task: the inverse of the bit before.",
    **{f"copy-{lag}": f"Fair bits; the target is the bit {lag} before." for lag in (1, 2, 4, 8, 16, 32, 64)},
    "xor": "Fair bits; the target is the exclusive or of the two bits before.",
    "parity": "Fair bits; the target is the parity of all bits so far.",
    "drift": "The puzzle, inverted anew every 1,000 samples.",
    "noise": "The puzzle, with 1 % of the labels wrong.",
}


@application.command("bits")
def bits(
    seed: Seed = 0,
    probability: Annotated[float, typer.Option(min=0, max=1, help="Share of ones.")] = 0.25,
    lag: Annotated[int, typer.Option(min=0, max=100_000, help="How far back the bit is that the target inverts.")] = 1,
    to: To = DAEMON,
    stream: Stream = "bits",
    samples: Samples = None,
    rate: Rate = None,
    batch: Batch = 256,
    key: Key = None,
    daemon_key: DaemonKey = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Random bits; the target is 0 if the bit `--lag` steps before was 1 (the puzzle is --lag 1)."""
    from streamer.sources.bits import BitSource

    _publish(BitSource(seed, probability, lag), to, stream, samples, rate, batch, (key, daemon_key), as_json, quiet)


def _task(name: str, meaning: str) -> None:
    """Add the verb that publishes a synthetic task."""

    @application.command(name, help=meaning)
    def task(
        seed: Seed = 0,
        to: To = DAEMON,
        stream: Stream = name,
        samples: Samples = None,
        rate: Rate = None,
        batch: Batch = 256,
        key: Key = None,
        daemon_key: DaemonKey = None,
        as_json: Json = False,
        quiet: Quiet = False,
    ) -> None:
        from streamer.sources.tasks import TaskSource

        _publish(TaskSource(name, seed), to, stream, samples, rate, batch, (key, daemon_key), as_json, quiet)


for _name, _meaning in TASKS.items():
    _task(_name, _meaning)
application.command(TABLE, hidden=True)(table)
application.command("csv", help="Your own rows: a CSV file, a directory of them, or - for stdin.")(table)
application.command(
    "jsonl", help="Your own rows: JSON, an object a line; a file, a directory of them, or - for stdin."
)(table)


def _publish(
    source: "Source",
    to: str,
    stream: str,
    samples: int | None,
    rate: float | None,
    batch: int,
    keys: tuple[str | None, str | None],
    as_json: bool,
    quiet: bool,
) -> None:
    from streamer.app.production import produce
    from streamer.clock import SystemClock
    from streamer.service.signals import stop_on_signals

    progress = Progress(to, SystemClock().monotonic, quiet=as_json or quiet, total=samples)
    with stop_on_signals() as stop:
        produced = produce(
            source,
            to,
            stream=stream,
            samples=samples,
            rate=rate,
            batch=batch,
            key=keys[0],
            daemon_key=keys[1],
            stopped=lambda: stop.requested,
            watch=progress,
        )
    progress.close()
    facts = {
        "stream": produced.stream,
        "started_from": produced.started_from,
        "learned": produced.learned,
        "rejected": produced.rejected,
        "complete": produced.complete,
        "epoch": produced.epoch,
    }
    words = f"{produced.learned:,} samples of {stream!r} are learned"
    if produced.rejected:
        words += f", {produced.rejected:,} of them rejected: see the daemon's streamer_rejected_samples_total"
    if as_json or not quiet:
        typer.echo(json.dumps(facts) if as_json else words)
    if samples is not None and not produced.complete:
        raise typer.Exit(1)
