"""`streamer checkpoint`: look into a directory of checkpoints, also while a daemon runs. Nothing is changed."""

import json
from typing import Annotated, Any

import typer

from streamer.cli.options import Json

application = typer.Typer(help="Look into a directory of checkpoints; changes nothing.", no_args_is_help=True)

Directory = Annotated[str, typer.Argument(metavar="DIR", help="The daemon's checkpoints.directory.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="A .ckpt file.")]


@application.command("ls")
def ls(directory: Directory, as_json: Json = False) -> None:
    """The checkpoints of every stream, newest first."""
    from streamer.app.inspection import list_files

    files = list_files(directory)
    if as_json:
        typer.echo(json.dumps({"directory": directory, "files": files}))
        return
    for file in files:
        typer.echo(f"{file['stream']:<24} {file['serial']:>12,}  {file['bytes']:>12,} bytes  {file['path']}")


@application.command("inspect")
def inspect(file: File, as_json: Json = False) -> None:
    """What a checkpoint holds: stream, cursors, settings, what it was computed with, arrays."""
    from streamer.app.inspection import describe

    facts = describe(file)
    if as_json:
        typer.echo(json.dumps(facts))
        return
    for name, value in facts.items():
        if name != "arrays":
            typer.echo(f"{name:<18} {_words(value)}")
    for array in facts["arrays"]:
        typer.echo(f"  {array['name']:<36} {array['type']:<8} {tuple(array['shape'])}")


@application.command("verify")
def verify(directory: Directory, as_json: Json = False) -> None:
    """Read every checkpoint whole and check it; exit 1 if one is damaged."""
    from streamer.app.inspection import verify_files

    found = verify_files(directory)
    damaged = [file for file in found if not file["valid"]]
    if as_json:
        typer.echo(json.dumps({"directory": directory, "files": found, "damaged": len(damaged)}))
    else:
        for file in damaged:
            typer.echo(f"damaged  {file['path']}: {file['fault']}")
        typer.echo(f"{len(found) - len(damaged)} whole, {len(damaged)} damaged")
    if damaged:
        raise typer.Exit(1)


@application.command("export")
def export(
    file: File, to: Annotated[str, typer.Argument(metavar="TO", help="The .safetensors file to write.")]
) -> None:
    """Write a checkpoint's arrays as plain safetensors, for other programs."""
    from streamer.app.inspection import export_arrays

    typer.echo(f"{export_arrays(file, to)} arrays written to {to}")


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(value) or "none"
    return ", ".join(f"{key} {item}" for key, item in value.items()) if isinstance(value, dict) else str(value)
