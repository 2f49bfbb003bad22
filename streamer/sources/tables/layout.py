"""Which cell becomes which number of a row: the columns of a table, made a stream's."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from streamer.columns import Column, Kind, Schema
from streamer.errors import DataError
from streamer.sources.tables.cycles import CYCLES, cycles_between, names_of
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tables.survey import Survey

MAX_INPUTS = 64
MAX_NAME = 64
MAX_NAMES_BYTES = 6_000
"""Of all columns' names: they travel in one header."""
TARGETS = ("target", "y")
"""Taken for the target unless the user names one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Cells by their places in a record: the inputs in order, the target and the time; then the cycles of time."""

    inputs: tuple[int, ...]
    target: int | None
    time: int | None
    cycles: tuple[str, ...]
    schema: Schema
    target_name: str | None = None

    @property
    def definition(self) -> str:
        """What makes other rows of the same records."""
        return f"{self.inputs} {self.target} {self.time} {self.cycles} {self.schema}"


def lay_out(file: str, names: Sequence[str], mapping: Mapping, survey: Survey, *, whole: bool = True) -> Layout:
    """The layout that a user's words and the data make; DataError for what cannot be.

    Of a table that is not seen `whole`, nobody knows how long it will be: it has all cycles of time.
    """
    _check_known(file, names, mapping)
    target = mapping.target or next((name for name in TARGETS if name in names and name not in mapping.inputs), None)
    if mapping.forecast and target is None:
        raise DataError("a forecast of nothing", file=file, expected="a target", remedy="give --target COLUMN")
    aside = {*mapping.ignore, mapping.time, *(() if mapping.forecast else (target,))}
    inputs = [name for name in mapping.inputs or names if name not in aside]
    if target in mapping.inputs and not mapping.forecast:
        raise DataError("the target is among the inputs, and gives itself away", file=file, column=target)
    moments = survey.moments
    cycles = (cycles_between(moments.step, moments.span) if whole else tuple(CYCLES)) if mapping.time else ()
    kinds = dict(zip(names, _kinds(names, mapping, survey), strict=True))
    columns = [Column(name, kinds[name]) for name in inputs] + [Column(name) for name in names_of(cycles)]
    _check_columns(file, columns)
    target_kind = "numeric" if target is None else kinds[target]
    if mapping.forecast and target_kind == "category":
        raise DataError("a forecast of texts", file=file, column=target, expected="a column of numbers")
    schema = Schema(tuple(columns), target_kind, tuple(sorted(set(mapping.forecast))))
    places = {name: place for place, name in enumerate(names)}
    return Layout(
        tuple(places[name] for name in inputs),
        None if target is None else places[target],
        None if mapping.time is None else places[mapping.time],
        cycles,
        schema,
        target,
    )


def _kinds(names: Sequence[str], mapping: Mapping, survey: Survey) -> list[Kind]:
    said: dict[str, Kind] = {}
    said |= dict.fromkeys(mapping.numeric, "numeric")
    said |= dict.fromkeys(mapping.category, "category")
    return [said.get(name) or tally.kind for name, tally in zip(names, survey.tallies, strict=True)]


def _check_known(file: str, names: Sequence[str], mapping: Mapping) -> None:
    said = {
        "--target": [mapping.target],
        "--time": [mapping.time],
        "--inputs": mapping.inputs,
        "--ignore": mapping.ignore,
        "--category": mapping.category,
        "--numeric": mapping.numeric,
    }
    for option, wanted in said.items():
        for name in wanted:
            if name is not None and name not in names:
                nearest = get_close_matches(name, names, 1, 0.5)
                raise DataError(
                    f"{option}: there is no such column",
                    file=file,
                    got=repr(name),
                    expected=f"one of {', '.join(names[:20])}" + (", …" if len(names) > 20 else ""),
                    remedy=f"write {nearest[0]!r}" if nearest else None,
                )


def _check_columns(file: str, columns: Sequence[Column]) -> None:
    remedy = "name the ones to use with --inputs, or those to leave out with --ignore"
    if not columns:
        raise DataError("no column is left to be an input", file=file, remedy="name some with --inputs")
    if len(columns) > MAX_INPUTS:
        expected = f"at most {MAX_INPUTS}, those made of the time among them"
        raise DataError("too many columns", file=file, got=len(columns), expected=expected, remedy=remedy)
    long = next((column.name for column in columns if len(column.name) > MAX_NAME), None)
    if long is not None:
        raise DataError("a column's name is too long", file=file, column=long, expected=f"at most {MAX_NAME} letters")
    size = sum(len(column.name.encode()) + 12 for column in columns)
    if size > MAX_NAMES_BYTES:
        expected = f"at most {MAX_NAMES_BYTES:,} bytes in all"
        raise DataError("the columns' names are too long", file=file, got=size, expected=expected, remedy=remedy)
