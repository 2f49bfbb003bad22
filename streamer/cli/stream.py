"""`streamer stream`: freeze, reset, roll back or retire one stream, whether its daemon runs or not."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from streamer.cli.options import Config, Json

if TYPE_CHECKING:
    from streamer.service.commands import Verb

application = typer.Typer(
    help="Freeze, reset, roll back or retire one stream, whether its daemon runs or not.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The stream.")]
Directory = Annotated[
    str | None,
    typer.Option("--directory", metavar="DIR", help="The daemon's checkpoints.directory; else as the settings say."),
]

_SAYS = {
    "freeze": "{stream} is frozen at sample {next_sequence:,}: it predicts, and does not learn (checkpoint {serial})",
    "thaw": "{stream} learns again from sample {next_sequence:,} on (checkpoint {serial})",
    "reset": "{stream} begins anew at sample {next_sequence:,} (checkpoint {serial})",
    "rollback": "{stream} goes on at sample {next_sequence:,} as it was in checkpoint {to} (checkpoint {serial})",
    "retire": "{stream} is retired; its checkpoints are in {moved_to}",
}


@application.command("freeze")
def freeze(name: Name, directory: Directory = None, config: Config = None, as_json: Json = False) -> None:
    """Predict and score, but do not learn, until thawed; also after a restart."""
    _command("freeze", name, directory, config, as_json)


@application.command("thaw")
def thaw(name: Name, directory: Directory = None, config: Config = None, as_json: Json = False) -> None:
    """Learn again."""
    _command("thaw", name, directory, config, as_json)


@application.command("reset")
def reset(name: Name, directory: Directory = None, config: Config = None, as_json: Json = False) -> None:
    """Begin anew with first weights and empty scores; what was consumed of the stream is not asked for again."""
    _command("reset", name, directory, config, as_json)


@application.command("rollback")
def rollback(
    name: Name,
    to: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="SERIAL",
            help="As `checkpoint ls` tells; else the last but one, often equal to the last.",
        ),
    ] = None,
    directory: Directory = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Go on with learner and scores of an older checkpoint; what was learned since is not learned again."""
    _command("rollback", name, directory, config, as_json, to)


@application.command("retire")
def retire(name: Name, directory: Directory = None, config: Config = None, as_json: Json = False) -> None:
    """Forget a stream that no producer feeds; its folder is moved aside, not deleted."""
    _command("retire", name, directory, config, as_json)


def _command(
    verb: "Verb", name: str, directory: str | None, config: str | None, as_json: bool, to: int | None = None
) -> None:
    from streamer.app.commanding import command_stream
    from streamer.clock import SystemClock
    from streamer.config.loading import load
    from streamer.service.commands import Command

    where = directory or load(config, []).settings.checkpoints.directory
    facts = command_stream(where, Command(verb, name, to), SystemClock())
    typer.echo(json.dumps(facts) if as_json else _SAYS[verb].format(**facts))
