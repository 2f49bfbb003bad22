"""Options that several verbs share, so that they read the same everywhere."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON, one object a line.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Set = Annotated[
    list[str], typer.Option("--set", metavar="GROUP.KEY=VALUE", help="Override a setting; may be given again.")
]
Config = Annotated[str | None, typer.Option("--config", "-c", metavar="FILE", help="A TOML file of settings.")]
Url = Annotated[str, typer.Option(help="The daemon's HTTP address.")]
Stream = Annotated[str | None, typer.Option(metavar="NAME", help="The stream; default: the first.")]

DAEMON_URL = "http://127.0.0.1:19377"
