"""`streamer doctor`: whether a daemon could do its work on this machine."""

import json
from dataclasses import asdict

import typer

from streamer.cli.options import Config, Json, Set


def doctor(
    config: Config = None,
    set_: Set = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Look at addresses, disk, engine, clock and limits before a daemon is started; exit 1 if there is a problem."""
    from streamer.app.doctor.examination import examine
    from streamer.app.reading import read_settings
    from streamer.clock import SystemClock

    findings = examine(read_settings(config, set_).settings, SystemClock())
    for finding in findings:
        typer.echo(json.dumps(asdict(finding)) if as_json else str(finding))
    if any(finding.level == "problem" for finding in findings):
        raise typer.Exit(1)
