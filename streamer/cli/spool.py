"""`streamer spool`: a log on disk in front of a program that cannot hold one."""

import json
import os
import sys
from typing import Annotated

import typer

from streamer.cli.options import DAEMON, DaemonKey, Json, Key


def spool(
    directory: Annotated[str, typer.Argument(metavar="DIRECTORY", help="Where the log is; made if it is not there.")],
    stream: Annotated[str, typer.Option(help="The stream's name at the daemon.")],
    to: Annotated[str, typer.Option(metavar="ENDPOINT", help="The daemon's address.")] = DAEMON,
    inputs: Annotated[int, typer.Option(min=1, max=64, help="Numbers in a sample's input.")] = 1,
    listen: Annotated[
        str | None, typer.Option(metavar="ENDPOINT", help="Take lines from PUSH sockets, which are not answered.")
    ] = None,
    reply: Annotated[
        str | None, typer.Option(metavar="ENDPOINT", help="Take lines from REQ or DEALER sockets; answer when safe.")
    ] = None,
    subscribe: Annotated[
        str | None, typer.Option(metavar="ENDPOINT", help="Take lines from a PUB socket; what it cannot take is lost.")
    ] = None,
    sync_milliseconds: Annotated[
        int, typer.Option(min=0, max=60_000, help="A line is on disk after this time at most; 0 is as soon as can be.")
    ] = 10,
    limit_megabytes: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Take no more while the log is larger than this.")
    ] = 1024,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Allow lines from other machines; nobody asks who they are.")
    ] = False,
    key: Key = None,
    daemon_key: DaemonKey = None,
    as_json: Json = False,
) -> None:
    """Keep the lines of a program on disk until the daemon has learned and acknowledged them.

    A line is {"x": [0.3], "y": 1}, or {"label": 17, "y": 1} for sample 17, or bare numbers: inputs, then the target.
    Lines come from stdin, or from one of --listen, --reply and --subscribe. At the end of stdin it waits until all is
    acknowledged; when it is stopped, the next run goes on.
    """
    from streamer.app.spooling import SpoolPlan, run_spool
    from streamer.service.signals import stop_on_signals

    kinds = {"listen": listen, "reply": reply, "subscribe": subscribe}
    given = [(kind, address) for kind, address in kinds.items() if address is not None]
    if len(given) > 1:
        raise typer.BadParameter(f"give one of {', '.join(f'--{kind}' for kind, _ in given)}, or none for stdin")
    plan = SpoolPlan(
        directory=directory,
        to=to,
        stream=stream,
        inputs=inputs,
        intake=given[0] if given else None,  # type: ignore[arg-type]  # the kinds are those of the intake
        sync_milliseconds=sync_milliseconds,
        limit_megabytes=limit_megabytes,
        insecure=insecure,
        key=key,
        daemon_key=daemon_key,
    )
    with stop_on_signals() as stop:
        run_spool(plan, lambda: stop.requested, _print_json if as_json else _print_words)


def _print_json(event: str, facts: dict[str, object]) -> None:
    _print(json.dumps({"event": event, **facts}))


def _print_words(event: str, facts: dict[str, object]) -> None:
    if event == "ready":
        print(f"takes lines from {facts['endpoint']}; {facts['next']:,} events so far", file=sys.stderr)  # noqa: T201
    elif event == "stopped":
        words = f"{facts['taken']:,} lines taken, {facts['refused']:,} refused, {facts['dropped']:,} dropped; "
        _print(words + f"{facts['acknowledged']:,} of {facts['next']:,} events are acknowledged")


def _print(line: str) -> None:
    """To stdout; a reader who has left is no reason to take no more lines."""
    try:
        print(line, flush=True)  # noqa: T201
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nor to fail when the process ends
