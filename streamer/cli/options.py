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

To = Annotated[str, typer.Option(metavar="ENDPOINT", help="The daemon's address.")]
Samples = Annotated[int | None, typer.Option(min=1, help="End after this sample; default: never.")]
Rate = Annotated[float | None, typer.Option(min=0.001, help="Samples a second; default: as fast as it learns.")]
Key = Annotated[
    str | None, typer.Option(metavar="FILE", help="File of the producer's secret key, for a daemon with keys.")
]
DaemonKey = Annotated[
    str | None, typer.Option(metavar="KEY|FILE", help="The daemon's public key, or the file that holds it.")
]
Batch = Annotated[int, typer.Option(min=1, max=65_536, help="Samples in a message.")]

DAEMON = "tcp://127.0.0.1:15577"
DAEMON_URL = "http://127.0.0.1:19377"
