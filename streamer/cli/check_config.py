"""`streamer check-config`: what the daemon would run with, or everything that is wrong."""

import json
from typing import Annotated

import typer

from streamer.cli.options import Json, Set


def check_config(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="A TOML file of settings.")] = None,
    set_: Set = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Print the effective settings, where each came from and what a change takes; exit 2 with every fault if wrong."""
    from streamer.app.reading import read_settings
    from streamer.config.change import change_of
    from streamer.config.settings import Settings

    effective = read_settings(file, set_)
    if as_json:
        facts = {
            name: {"value": value, "origin": origin, "change": change_of(Settings, name)}
            for name, value, origin in effective.lines()
        }
        typer.echo(json.dumps(facts))
    else:
        typer.echo(effective.table())
