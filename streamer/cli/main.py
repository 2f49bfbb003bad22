"""The command `streamer`: its verbs, and how a mistake of the user ends.

Exit codes: 0 ok, 1 failed, 2 usage or configuration.
"""

import sys

import typer

from streamer.cli import check_config, demo, produce, replicate, run, status
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
application.command("check-config")(check_config.check_config)
application.command("status")(status.status)
application.add_typer(replicate.application, name="replicate")


def main() -> None:
    """Run a verb; an error raised on purpose is told in words, without a traceback."""
    try:
        application()
    except StreamerError as error:
        print(f"streamer: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(2 if isinstance(error, StartError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
