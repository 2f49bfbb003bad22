"""`streamer run`: the daemon."""

import json
from typing import Annotated

import typer

from streamer.cli.options import Config, Json, Set


def run(
    config: Config = None,
    set_: Set = [],  # noqa: B006
    accept_gap: Annotated[
        bool, typer.Option("--accept-gap", help="Go on without samples that their producer has forgotten; count them.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the daemon until Ctrl-C or SIGTERM; a second one ends it at once. SIGHUP has it read the settings again.

    Settings come from the file, then STREAMER_GROUP__KEY in the environment, then --set.
    """
    from streamer.app.daemon import Facts, run_daemon
    from streamer.app.reading import read_settings

    def ready(facts: Facts) -> None:
        if as_json:
            typer.echo(json.dumps({"event": "ready", **facts}))

    run_daemon(lambda: read_settings(config, set_), ready, accept_gap=accept_gap)
