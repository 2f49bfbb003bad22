"""`streamer produce FILE`: somebody's own rows, from a file, a directory, a pipe or River, published to a daemon."""

import json
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from streamer.cli.options import DAEMON, Batch, DaemonKey, Json, Key, Quiet, Rate, Samples, To
from streamer.cli.table_words import conclusion, facts, introduction

if TYPE_CHECKING:
    from streamer.app.tables import Opened, TablePlan

TABLE = "SOURCE"
"""The hidden verb that whatever is no other one's name belongs to."""
FORMATS = ("csv", "jsonl")
COLUMNS, ROWS, PACE, OUT = "Columns", "Rows that cannot be taken", "Pace", "Predictions"


class TableGroup(TyperGroup):
    """`produce data.csv` is `produce SOURCE data.csv`, and `produce csv data` the same with `--format csv`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the hidden verb in front of what begins with no verb."""
        if args and args[0] in FORMATS:
            args = [TABLE, "--format", *args]
        elif args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [TABLE, *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The hidden verb has no name in its usage line."""
        name, command, rest = super().resolve_command(ctx, args)
        return ("" if name == TABLE else name), command, rest


def _column(help_text: str, metavar: str = "COLUMN,…") -> Any:
    return typer.Option(metavar=metavar, help=help_text, rich_help_panel=COLUMNS)


def table(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A file, a directory of files, - for stdin, or river:NAME.")
    ],
    target: Annotated[
        str | None, _column("What is to be predicted; default: the column target, or y.", "COLUMN")
    ] = None,
    inputs: Annotated[str | None, _column("What it is predicted from; default: all other columns.")] = None,
    ignore: Annotated[str | None, _column("Columns to leave out.")] = None,
    time: Annotated[
        str | None,
        _column("Moments, ISO 8601 or Unix seconds; they become the time of day, week and year.", "COLUMN"),
    ] = None,
    category: Annotated[str | None, _column("Names, though they may look like numbers.")] = None,
    numeric: Annotated[str | None, _column("Numbers, whatever the first values look like.")] = None,
    missing: Annotated[
        str | None, _column("What stands for no value; default: nothing, NA, N/A, NaN, null, None, ?.", "TEXT,…")
    ] = None,
    forecast: Annotated[
        str | None, _column("Predict the target this many rows ahead; it is then an input as well.", "STEPS,…")
    ] = None,
    names: Annotated[str | None, _column("Names of the columns of a CSV file without a header.")] = None,
    delimiter: Annotated[
        str | None, _column("Between the cells of CSV; default: a comma, in .tsv files a tab.", "CHARACTER")
    ] = None,
    form: Annotated[
        Literal["csv", "jsonl"] | None,
        typer.Option("--format", help="Default: as the file's name says, or stdin begins.", rich_help_panel=COLUMNS),
    ] = None,
    columns: Annotated[
        str | None, _column("A TOML file that says the same: target = …, inputs = […]; options win.", "FILE")
    ] = None,
    on_bad_row: Annotated[
        Literal["stop", "skip"], typer.Option(help="End at the first one, or leave them out.", rich_help_panel=ROWS)
    ] = "stop",
    bad_rows: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Where rows left out are written down; default: beside SOURCE, with .bad behind.",
            rich_help_panel=ROWS,
        ),
    ] = None,
    rate: Rate = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="At the pace that the time column tells.", rich_help_panel=PACE)
    ] = False,
    speed: Annotated[
        float | None, typer.Option(min=1e-6, help="Replay so many times as fast.", rich_help_panel=PACE)
    ] = None,
    samples: Samples = None,
    predictions: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write predictions there: .csv, or JSON lines; - for stdout.", rich_help_panel=OUT
        ),
    ] = None,
    to: To = DAEMON,
    stream: Annotated[str | None, typer.Option(help="The stream's name at the daemon; default: SOURCE's.")] = None,
    batch: Batch = 256,
    key: Key = None,
    daemon_key: DaemonKey = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Publish your own rows: CSV or JSON lines, plain or gzip, a file, a directory of them, - for stdin, or river:NAME.

    Columns of numbers and of names are told apart by their first values. Started again, a file goes on where the
    daemon is; the rows of a pipe are held until the daemon has them on disk, and die with the producer.
    """
    _check_exists(source, context)
    from streamer.app.tables import TablePlan
    from streamer.sources.tables.mapping import Mapping, load_mapping, merged

    said = Mapping(
        target=target,
        inputs=listed(inputs),
        ignore=listed(ignore),
        time=time,
        category=listed(category),
        numeric=listed(numeric),
        missing=Mapping().missing if missing is None else listed(missing),
        forecast=steps(forecast),
        format=form,
        delimiter=character(delimiter),
        names=listed(names),
    )
    plan = TablePlan(
        source=source,
        mapping=said if columns is None else merged(load_mapping(columns), said),
        to=to,
        stream=stream,
        samples=samples,
        rate=rate,
        speed=speed if speed is not None else 1.0 if replay else None,
        batch=batch,
        keys=(key, daemon_key),
        on_bad_row=on_bad_row,
        bad_rows=bad_rows,
        predictions=predictions,
    )
    _publish(plan, as_json=as_json, quiet=quiet)


def _check_exists(source: str, context: typer.Context) -> None:
    """DataError for what is no file, with the synthetic stream that may have been meant."""
    from streamer.errors import DataError

    if source == "-" or source.startswith("river:") or Path(source).exists():
        return
    verbs = [] if context.parent is None else list(getattr(context.parent.command, "commands", ()))
    nearest = get_close_matches(source, [verb for verb in verbs if verb not in (TABLE, *FORMATS)], 1)
    raise DataError(
        "there is no such file or directory, nor a synthetic stream of this name",
        got=repr(source),
        remedy=f"write {nearest[0]}" if nearest else "look at its name; `streamer produce --help` lists what there is",
    )


def listed(words: str | None) -> tuple[str, ...]:
    """What stands between commas.

    >>> listed('a, b,""')
    ('a', 'b', '')
    """
    return () if words is None else tuple(word.strip().strip("\"'") for word in words.split(","))


def steps(words: str | None) -> tuple[int, ...]:
    """Steps ahead.

    >>> steps("5,10")
    (5, 10)
    """
    try:
        found = tuple(int(word) for word in listed(words))
    except ValueError:
        found = (0,)
    if len(found) > 16 or not all(1 <= step <= 1024 for step in found):
        raise typer.BadParameter(f"got {words!r}; give at most 16 whole numbers, 1 to 1024, like --forecast 5,10")
    return found


def character(word: str | None) -> str | None:
    """A delimiter; a tab may be said in words, or as it is in other languages."""
    found = "\t" if word in ("\\t", "tab") else word
    if found is not None and len(found) != 1:
        raise typer.BadParameter(f"got {word!r}; give --delimiter one character, or tab")
    return found


def _publish(plan: "TablePlan", *, as_json: bool, quiet: bool) -> None:
    from streamer.app.tables import publish_table
    from streamer.cli.progress import Looking, Progress
    from streamer.clock import SystemClock
    from streamer.service.signals import stop_on_signals

    progress: list[Progress] = []
    clock = SystemClock()

    def opened(found: "Opened") -> Progress:
        if not (quiet or as_json):
            print("\n".join(introduction(found)), file=sys.stderr)  # noqa: T201
        silent = quiet or as_json or (plan.predictions == "-" and sys.stdout.isatty())
        progress.append(Progress(plan.to, clock.monotonic, quiet=silent, total=found.rows, score=found.score))
        return progress[0]

    with stop_on_signals() as stop:
        try:
            looking = Looking(plan.source, clock.monotonic, quiet=quiet or as_json)
            outcome = publish_table(plan, opened, lambda: stop.requested, looking)
        finally:
            for line in progress:
                line.close()
    if outcome is not None and (as_json or not quiet):
        words = json.dumps(facts(outcome)) if as_json else conclusion(plan, outcome)
        print(words, file=sys.stderr if plan.predictions == "-" else sys.stdout)
    if outcome is None or not outcome.produced.complete:
        raise typer.Exit(1)
