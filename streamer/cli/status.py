"""`streamer status`: how a running daemon does."""

import json
from typing import Annotated

import typer

from streamer.cli.options import Json


def status(
    url: Annotated[str, typer.Option(help="The daemon's HTTP address.")] = "http://127.0.0.1:19377",
    as_json: Json = False,
) -> None:
    """Ask a running daemon for its streams, their accuracy, and whether it is ready."""
    from streamer.app.remote import fetch_status

    found = fetch_status(url)
    if as_json:
        typer.echo(json.dumps(found))
        return
    from rich.console import Console

    from streamer.app.view import stream_view

    console = Console()
    console.print(f"{found['state']}  producers connect to {found['endpoint']}", *found["reasons"])
    for name, stream in found["streams"].items():
        console.print(stream_view(name, stream))
    if not found["streams"]:
        console.print("no streams yet: publish one with `streamer produce bits`")
