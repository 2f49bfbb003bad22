"""`streamer keys`: what encrypts the wire and says who is who."""

import json
from typing import Annotated

import typer

from streamer.cli.options import Json

application = typer.Typer(help="Make keys for an encrypted wire, and look at them.", no_args_is_help=True)


@application.command("new")
def new(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="Where the secret key goes.")] = "streamer.key",
    as_json: Json = False,
) -> None:
    """Make a key pair: the secret key in FILE, for you only, the public one in FILE.pub, for everyone."""
    from dataclasses import asdict

    from streamer.app.keymaking import make_keys

    files = make_keys(file)
    if as_json:
        typer.echo(json.dumps(asdict(files)))
        return
    typer.echo(f"secret key  {files.secret_file}  keep it to yourself: who has it can act as you")
    typer.echo(f"public key  {files.public_file}  {files.public_key}")


@application.command("show")
def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file of a secret key.")], as_json: Json = False
) -> None:
    """The public key that belongs to a secret one."""
    from streamer.app.keymaking import public_key_of

    public = public_key_of(file)
    typer.echo(json.dumps({"public_key": public}) if as_json else public)
