"""`streamer probe`: a health check for supervisors and containers."""

import json
from typing import Annotated

import typer

from streamer.cli.options import Json


def probe(
    url: Annotated[str, typer.Option(help="The daemon's HTTP address.")] = "http://127.0.0.1:19377",
    timeout: Annotated[float, typer.Option(min=0.1, max=60, help="Seconds to wait for the answer.")] = 3.0,
    as_json: Json = False,
) -> None:
    """Exit with 0 if a daemon is ready, with 1 and the reasons if it is not or nobody answers."""
    from streamer.app.readiness import ask_readiness

    found = ask_readiness(url, timeout)
    if as_json:
        typer.echo(json.dumps({"ready": found.ready, "reasons": found.reasons}))
    else:
        typer.echo("ready" if found.ready else "not ready: " + "; ".join(found.reasons), err=not found.ready)
    if not found.ready:
        raise typer.Exit(1)
