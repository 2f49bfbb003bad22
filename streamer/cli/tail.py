"""`streamer tail`: a stream's samples and predictions, one JSON object a line, as they come."""

import json
import sys
from typing import Annotated

import typer

from streamer.cli.options import DAEMON_URL, Stream, Url

LOOK_SECONDS = 0.2


def tail(
    url: Url = DAEMON_URL,
    stream: Stream = None,
    samples: Annotated[int | None, typer.Option(min=1, help="End after this many; default: at Ctrl-C.")] = None,
) -> None:
    """Print the last samples of a stream and those that come: number, x, prediction, target, right.

    A daemon tells its last 256 samples five times a second; {"gap": …} stands for those that went by faster. Of a
    committee {"leading": …, "share": …} says who carries its prediction, whenever that changes.
    """
    from streamer.app.remote import fetch_status, fetch_stream
    from streamer.app.tailing import Tail
    from streamer.app.watching import chosen, looks
    from streamer.errors import StreamerError
    from streamer.service.signals import interrupt, stop_on_signals

    name = stream or chosen(fetch_status(url), None)
    if name is None:
        raise StreamerError("the daemon has no stream yet", remedy="publish one: `streamer produce bits`")
    follow, left, away = Tail(), samples, False
    with stop_on_signals(interrupt) as stop:
        for seen in looks(lambda: fetch_stream(url, name), LOOK_SECONDS, stop):
            if seen is None and not away:
                print("streamer: the daemon does not answer; waiting for it", file=sys.stderr)  # noqa: T201
            away = seen is None
            for line in follow.lines(seen) if seen is not None else []:
                typer.echo(json.dumps(line))
                left = left - 1 if left is not None and "number" in line else left
                if left == 0:
                    return
