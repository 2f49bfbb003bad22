"""Which cell becomes which number of a row: the columns of a table, made a stream's."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from streamer.columns import Column, Kind, Schema
from streamer.cycles import PERIODS, cycle_columns, cycle_values
from streamer.errors import DataError
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
    """Cells by their places in a record: the inputs in order, the target and the time.

    After the inputs come `cycles`, places among a moment's cycle values in a stream with `step` seconds between rows;
    None is the time since the row before.
    """

    inputs: tuple[int, ...]
    target: int | None
    time: int | None
    cycles: tuple[int, ...]
    step: float | None
    schema: Schema
    target_name: str | None = None

    @property
    def definition(self) -> str:
        """What makes other rows of the same records."""
        return f"{self.inputs} {self.target} {self.time} {self.cycles} {self.step} {self.schema}"


def lay_out(file: str, names: Sequence[str], mapping: Mapping, survey: Survey, *, whole: bool = True) -> Layout:
    """The layout that a user's words and the data make; DataError for what cannot be.

    A table that is seen `whole` has the cycles of time that it can show: the rows are close enough to tell them, and it
    is at least one of them long. Another has them all.
    """
    _check_known(file, names, mapping)
    target = mapping.target or next((name for name in TARGETS if name in names and name not in mapping.inputs), None)
    if mapping.forecast and target is None:
        raise DataError("a forecast of nothing", file=file, expected="a target", remedy="give --target COLUMN")
    aside = {*mapping.ignore, mapping.time, *(() if mapping.forecast else (target,))}
    inputs = [name for name in mapping.inputs or names if name not in aside]
    if target in mapping.inputs and not mapping.forecast:
        raise DataError("the target is among the inputs, and gives itself away", file=file, column=target)
    step, cycles = _cycles(mapping.time, survey, whole=whole)
    kinds = dict(zip(names, _kinds(names, mapping, survey), strict=True))
    columns = [Column(name, kinds[name]) for name in inputs] + _cycle_columns(mapping.time, cycles)
    _check_columns(file, columns)
    texts = target is not None and kinds[target] == "category"
    if mapping.forecast and texts:
        raise DataError("a forecast of texts", file=file, column=target, expected="a column of numbers")
    schema = Schema(tuple(columns), "category" if texts else "numeric", tuple(sorted(set(mapping.forecast))))
    places = {name: place for place, name in enumerate(names)}
    return Layout(
        tuple(places[name] for name in inputs),
        None if target is None else places[target],
        None if mapping.time is None else places[mapping.time],
        cycles,
        step,
        schema,
        target,
    )


def _cycles(time: str | None, survey: Survey, *, whole: bool) -> tuple[float | None, tuple[int, ...]]:
    """The usual step, and which of a moment's cycle values are told."""
    moments = survey.moments
    values = cycle_values(0.0, moments.step)
    if time is None or not whole:
        return None, () if time is None else tuple(range(len(values)))
    each = len(values) // len(PERIODS)
    long_enough = [length <= moments.span for length in PERIODS.values() for _ in range(each)]
    told = [place for place, value in enumerate(values) if long_enough[place] and not math.isnan(value)]
    return moments.step, tuple(told)


def _cycle_columns(time: str | None, cycles: tuple[int, ...]) -> list[Column]:
    columns = () if time is None else cycle_columns(time)
    return [columns[place] for place in cycles]


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
