"""The command `streamer`: its verbs, and how a mistake of the user ends.

Exit codes: 0 ok, 1 failed, 2 usage or configuration, 130 interrupted.
"""

import sys
from typing import Annotated

import typer

from streamer import __version__
from streamer.cli import (
    bench,
    check_config,
    checkpoint,
    demo,
    doctor,
    keys,
    probe,
    produce,
    replicate,
    run,
    spool,
    status,
    stream,
    tail,
    watch,
)
from streamer.errors import StartError, StreamerError

application = typer.Typer(
    name="streamer",
    help="Learns from a stream for ever, one sample at a time.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
application.command("demo")(demo.demo)
application.command("run")(run.run)
application.add_typer(produce.application, name="produce")
application.command("spool")(spool.spool)
application.command("check-config")(check_config.check_config)
application.command("doctor")(doctor.doctor)
application.command("status")(status.status)
application.command("watch")(watch.watch)
application.command("tail")(tail.tail)
application.command("probe")(probe.probe)
application.add_typer(checkpoint.application, name="checkpoint")
application.add_typer(stream.application, name="stream")
application.add_typer(keys.application, name="keys")
application.add_typer(bench.application, name="bench")
application.add_typer(replicate.application, name="replicate")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"streamer {__version__}")
        raise typer.Exit


@application.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run a verb; an error raised on purpose is told in words, without a traceback."""
    try:
        application()
    except StreamerError as error:
        print(f"streamer: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(2 if isinstance(error, StartError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
