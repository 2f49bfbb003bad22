"""Options that several verbs share, so that they read the same everywhere."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON, one object a line.")]
Set = Annotated[
    list[str], typer.Option("--set", metavar="GROUP.KEY=VALUE", help="Override a setting; may be given again.")
]
Config = Annotated[str | None, typer.Option("--config", "-c", metavar="FILE", help="A TOML file of settings.")]
