"""`streamer run`: the daemon."""

import json

import typer

from streamer.cli.options import Config, Json, Set


def run(config: Config = None, set_: Set = [], as_json: Json = False) -> None:  # noqa: B006
    """Run the daemon until Ctrl-C or SIGTERM; a second one ends it at once.

    Settings come from the file, then STREAMER_GROUP__KEY in the environment, then --set.
    """
    from streamer.app.daemon import Facts, run_daemon
    from streamer.config.loading import load

    def ready(facts: Facts) -> None:
        if as_json:
            typer.echo(json.dumps({"event": "ready", **facts}))

    run_daemon(load(config, set_), ready)
