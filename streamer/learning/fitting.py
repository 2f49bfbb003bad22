"""Whether a stream fits a learner: its columns, its kind of target, what it wants to know."""

from collections.abc import Iterator
from typing import NamedTuple

from streamer.columns import Column, Schema
from streamer.config.learner import LearnerSettings
from streamer.learning.inputs.encoder import Encoding

COLUMNS = 64
"""The most columns of a row."""


class Objection(NamedTuple):
    """Why a stream cannot be learned: a fixed word, and a sentence for people."""

    reason: str
    words: str


def objection(settings: LearnerSettings, known: Encoding | None, inputs: int, schema: Schema) -> Objection | None:
    """What is wrong with a stream of rows of `inputs` numbers; None if nothing is.

    `known` is the encoding of the learner that the stream has had, if it has had one.
    """
    return next(_objections(settings, known, inputs, schema), None)


def _objections(settings: LearnerSettings, known: Encoding | None, inputs: int, schema: Schema) -> Iterator[Objection]:
    if schema.columns:
        yield from _of_columns(known, inputs, schema)
    else:
        yield from _of_numbers(settings, known, inputs)
    if settings.optimiser == "ndekf":
        yield from _of_filter(settings, schema)
    task = settings.task
    if schema.target == "category" and task not in ("multiclass", "next"):
        yield Objection(
            "task", f"the stream's targets are classes, learner.task is {task}; start the daemon with "
            "learner.task = multiclass, or give the target as 0 and 1"
        )  # fmt: skip
    if schema.horizons and task != "forecast":
        yield Objection(
            "task", f"the stream asks for a forecast, learner.task is {task}; start the daemon with "
            "learner.task = forecast"
        )  # fmt: skip
    if task == "next" and (inputs != 1 or any(column.kind != "category" for column in schema.columns)):
        yield Objection(
            "columns", f"learner.task is next: a stream of symbols has one column, a category; this one has "
            f"{', '.join(map(_shown, schema.columns)) or f'{inputs} numbers'}"
        )  # fmt: skip


def _of_columns(known: Encoding | None, inputs: int, schema: Schema) -> Iterator[Objection]:
    if len(schema.columns) != inputs or len(set(schema.names)) < inputs:
        yield Objection("columns", f"a row of {inputs} needs as many columns with different names")
    if known is not None and not known.named:
        yield Objection(
            "columns", "the stream's learner has learned from rows of numbers without names; "
            "send them without names, or reset the stream, or give this stream another name"
        )  # fmt: skip
    if known is not None and (count := known.columns_with(schema.columns)) > COLUMNS:
        yield Objection("columns", f"with its new columns the stream would have {count}; at most {COLUMNS} fit")


def _of_numbers(settings: LearnerSettings, known: Encoding | None, inputs: int) -> Iterator[Objection]:
    if known is not None and known.named:
        yield Objection("columns", "the stream's learner knows its columns by name; send their names with them")
    expected = settings.inputs if known is None else known.columns
    if inputs != expected:
        yield Objection(
            "inputs", f"the stream has {inputs} inputs, this daemon's learners take {expected}; "
            f"start the daemon with learner.inputs = {inputs}"
        )  # fmt: skip


def _of_filter(settings: LearnerSettings, schema: Schema) -> Iterator[Objection]:
    """A Kalman filter has one output, and grows with the square of its inputs."""
    if len(schema.horizons) > 1:
        yield Objection(
            "task", f"the stream asks for {len(schema.horizons)} horizons, learner.optimiser is ndekf, which learns "
            "one number; start the daemon with learner.optimiser = rmsprop"
        )  # fmt: skip
    if schema.columns and settings.memory in ("ring", "taps"):
        yield Objection(
            "columns", f"learner.optimiser is ndekf, for which columns with learner.memory = {settings.memory} would "
            "become too many inputs; start the daemon with learner.memory = auto"
        )  # fmt: skip


def _shown(column: Column) -> str:
    return f"{column.name} ({column.kind})"
