"""`streamer status`: how a running daemon does."""

import json

import typer

from streamer.cli.options import DAEMON_URL, Json, Stream, Url


def status(url: Url = DAEMON_URL, stream: Stream = None, as_json: Json = False) -> None:
    """Ask a running daemon for its streams: whether they learn, whether they keep up, whether anything is wrong."""
    from streamer.app.remote import fetch_status
    from streamer.app.watching import chosen

    found = fetch_status(url)
    if as_json:
        typer.echo(json.dumps(found))
        return
    from rich.console import Console

    from streamer.app.overview import daemon_view

    Console().print(daemon_view(found, chosen(found, stream)))
