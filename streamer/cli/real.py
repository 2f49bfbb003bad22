"""`streamer bench real`: the committee beside each of its members and River's models, on data of others and yours."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from streamer.cli.bar import bar
from streamer.cli.options import Json

if TYPE_CHECKING:
    from streamer.bench.real import RealRow, Result
    from streamer.bench.streams import Opener
    from streamer.sources.tables.badrows import OnBadRow

FILE = "Your own file"


def _of_file(help_text: str, metavar: str) -> Any:
    return typer.Option(metavar=metavar, help=help_text, rich_help_panel=FILE)


def real(
    only: Annotated[
        list[str],
        typer.Option("--stream", metavar="NAME", help="Only this bundled stream or task; may be given again."),
    ] = [],  # noqa: B006
    seeds: Annotated[int, typer.Option(min=1, help="Seeds of the committee, and of each model that draws.")] = 5,
    samples: Annotated[int | None, typer.Option(min=10, help="No more than the first of each stream.")] = None,
    plot: Annotated[
        str | None,
        typer.Option(metavar="DIRECTORY", help="Draw each stream's cumulative losses there, as PNG and SVG."),
    ] = None,
    as_json: Json = False,
    file: Annotated[str | None, _of_file("CSV or JSON lines, instead of the bundled streams.", "FILE")] = None,
    target: Annotated[
        str | None, _of_file("What is to be predicted; default: the column target, or y.", "COLUMN")
    ] = None,
    task: Annotated[
        Literal["binary", "multiclass", "regression"] | None,
        typer.Option(help="Default: as the targets look: 0 and 1, texts, or numbers.", rich_help_panel=FILE),
    ] = None,
    period: Annotated[
        list[int],
        typer.Option(
            min=1,
            max=4096,
            metavar="ROWS",
            help="After so many rows it repeats itself; may be given again.",
            rich_help_panel=FILE,
        ),
    ] = [],  # noqa: B006
    time: Annotated[str | None, _of_file("The column of moments.", "COLUMN")] = None,
    ignore: Annotated[str | None, _of_file("Columns to leave out.", "COLUMN,…")] = None,
    category: Annotated[
        str | None, _of_file("Columns of names, though they may look like numbers.", "COLUMN,…")
    ] = None,
    missing: Annotated[
        str | None, _of_file("What stands for no value; default as of `streamer produce`.", "TEXT,…")
    ] = None,
    form: Annotated[
        Literal["csv", "jsonl"] | None,
        typer.Option("--format", help="Default: as the file's name says.", rich_help_panel=FILE),
    ] = None,
    on_bad_row: Annotated[
        Literal["stop", "skip"], typer.Option(help="End at the first one, or leave them out.", rich_help_panel=FILE)
    ] = "stop",
    columns: Annotated[
        str | None,
        _of_file("A TOML file of what the columns are, as `streamer produce` takes it; options win.", "FILE"),
    ] = None,
) -> None:
    """The committee, each member alone and River's own models: score, log loss, microseconds a sample.

    On the data that come with River, on synthetic tasks (without River's models,
    which remember nothing), or on your own file. Each sample is predicted, then
    learned, once through; the first prediction counts too, as River counts.
    Log loss is in nats. Ratios are cumulative loss over that of the best member
    in hindsight: the worst from sample 200, or 1,000, on.
    """
    import streamer.river  # noqa: F401  # says what to do if River is not installed
    from streamer.bench.machine import machine_facts
    from streamer.bench.real import NOTES, table

    if plot is not None:
        from streamer.replication.plot import check_plot

        check_plot(Path(plot) / "losses.png")
    said = {"--target": target, "--task": task, "--period": period, "--time": time, "--ignore": ignore}
    said |= {"--category": category, "--missing": missing, "--format": form, "--columns": columns}
    openers = _openers(only, file, said, on_bad_row)
    rows = _run(openers, seeds, samples, plot)
    if as_json:
        typer.echo(json.dumps({"machine": machine_facts(), "rows": [asdict(row) for row in rows]}))
    else:
        typer.echo(f"{table(rows)}\n\n{NOTES}")


def _openers(only: list[str], file: str | None, said: dict[str, Any], on_bad_row: "OnBadRow") -> "dict[str, Opener]":
    """What is to be run; SettingsError for options that mean nothing together."""
    from streamer.bench.streams import chosen, of_file
    from streamer.errors import Fault, SettingsError
    from streamer.sources.tables.badrows import BadRows

    if file is None:
        faults = [Fault(option, "it is of a file, and there is none", "give --file") for option in said if said[option]]
        if faults:
            raise SettingsError(faults)
        return dict(chosen(only))
    if only:
        raise SettingsError([Fault("--stream", "it is beside --file", "leave out one of them")])
    bad_rows = BadRows(on_bad_row)
    stream = of_file(file, _mapping(said), said["--task"], tuple(said["--period"]), bad_rows)
    if bad_rows.count:
        typer.echo(f"rows left out, which cannot be taken: {bad_rows.count:,}", err=True)
    return {stream.name: lambda: stream}


def _mapping(said: dict[str, Any]) -> Any:
    from streamer.cli.produce_table import listed
    from streamer.sources.tables.mapping import Mapping, load_mapping, merged

    own = Mapping(
        target=said["--target"],
        time=said["--time"],
        ignore=listed(said["--ignore"]),
        category=listed(said["--category"]),
        missing=Mapping().missing if said["--missing"] is None else listed(said["--missing"]),
        format=said["--format"],
    )
    return own if said["--columns"] is None else merged(load_mapping(said["--columns"]), own)


def _run(openers: "dict[str, Opener]", seeds: int, samples: int | None, plot: str | None) -> "list[RealRow]":
    from streamer.bench.plot import draw
    from streamer.bench.real import run_stream

    rows: list[RealRow] = []
    with bar() as progress:
        line = progress.add_task("", total=len(openers))
        for name, opener in openers.items():
            progress.update(line, description=name)
            result: Result = run_stream(opener().head(samples), seeds, lambda share: progress.advance(line, share))
            rows += result.rows
            if plot is not None:
                draw(result.curves, Path(plot))
    return rows
