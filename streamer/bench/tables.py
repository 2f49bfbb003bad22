"""Rows as a table: for people in a terminal, and for the README as Markdown."""

from collections.abc import Sequence

from streamer.bench.outcome import Row
from streamer.bench.speed import Speed


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its columns aligned for reading as text too.

    >>> print(markdown(["a", "bb"], [["1", "2"]]))
    | a | bb |
    |---|----|
    | 1 | 2  |
    """
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([line(header), rule, *map(line, rows)])


def task_table(rows: Sequence[Row]) -> str:
    """The task suite."""
    header = ["task", "predictor", "settings", "solved", "holds", "median", "p90", "worst", "mistakes a segment"]
    return markdown(header, [_task_cells(row) for row in rows])


def speed_table(rows: Sequence[Speed]) -> str:
    """The engines' speed."""
    header = ["engine", "call", "hidden", "inputs", "K", "memory", "gradient", "optimiser", "µs a sample", "× C"]
    return markdown(header, [_speed_cells(row) for row in rows])


def _task_cells(row: Row) -> list[str]:
    mistakes = ""
    if row.mistakes_first_quarter is not None and row.mistakes_last_quarter is not None:
        mistakes = f"{row.mistakes_first_quarter:.1f} → {row.mistakes_last_quarter:.1f}"
        mistakes += f", {row.recovered} of {row.segments} recovered"
    return [
        row.task,
        row.predictor,
        row.settings,
        f"{row.solved} of {row.seeds}",
        f"{row.holds} of {row.seeds}",
        _count(row.median),
        _count(row.p90),
        _count(row.worst),
        mistakes,
    ]


def _speed_cells(row: Speed) -> list[str]:
    microseconds = row.microseconds_per_sample
    return [
        {"c": "C"}.get(row.engine, row.engine),
        row.call,
        str(row.hidden),
        str(row.inputs),
        str(row.truncation),
        row.memory,
        row.gradient,
        row.optimiser,
        f"{microseconds:,.0f}" if microseconds >= 100 else f"{microseconds:.2f}",
        "" if row.ratio_to_c is None else f"{row.ratio_to_c:.2f}" if row.ratio_to_c < 100 else f"{row.ratio_to_c:,.0f}",
    ]


def _count(number: float | None) -> str:
    return "–" if number is None else f"{number:,.0f}"
