"""Which streams a learner takes, and what is said of those that it does not."""

import re
from typing import Any

import pytest

from streamer.columns import PLAIN, Column, Schema
from streamer.config.learner import LearnerSettings
from streamer.learning.fitting import COLUMNS, objection
from streamer.learning.inputs.encoder import Encoder, Plain

TWO = Schema((Column("a"), Column("b")))
MANY = Schema(tuple(Column(f"c{n}") for n in range(40)))
NAMED, BARE = Encoder(TWO.columns, standard=True, named=True), Plain(2)
FULL = Encoder([Column(f"d{n}") for n in range(COLUMNS)], standard=True, named=True)
NDEKF = {"optimiser": "ndekf", "task": "forecast"}
SYMBOL = Schema((Column("page", "category"),))


def said(settings: dict[str, Any], known: Any, inputs: int, schema: Schema) -> str:
    found = objection(LearnerSettings.model_validate(settings), known, inputs, schema)
    return "" if found is None else f"{found.reason}: {found.words}"


@pytest.mark.parametrize(
    ("settings", "known", "inputs", "schema"),
    [
        ({}, None, 1, PLAIN),
        ({"inputs": 2}, BARE, 2, PLAIN),
        ({}, None, 2, TWO),
        ({}, NAMED, 1, Schema((Column("b"),))),
        ({}, NAMED, 1, Schema((Column("new", "category"),))),
        ({"task": "multiclass"}, None, 2, Schema(TWO.columns, "category")),
        ({"task": "forecast"}, None, 2, Schema(TWO.columns, horizons=(1, 5))),
        (NDEKF, None, 2, Schema(TWO.columns, horizons=(5,))),
        (NDEKF | {"memory": "ring"}, None, 1, PLAIN),
        ({"task": "next"}, None, 1, SYMBOL),
        ({"task": "next"}, None, 1, PLAIN),
    ],
)
def test_what_fits_is_taken(settings: dict[str, Any], known: Any, inputs: int, schema: Schema) -> None:
    assert said(settings, known, inputs, schema) == ""


@pytest.mark.parametrize(
    ("settings", "known", "inputs", "schema", "words"),
    [
        ({}, None, 3, PLAIN, "inputs: the stream has 3 inputs.*learner.inputs = 3"),
        ({}, None, 3, TWO, "columns: a row of 3 needs as many columns"),
        ({}, None, 2, Schema((Column("a"), Column("a", "category"))), "columns: .*different names"),
        ({}, BARE, 2, TWO, "columns: .*rows of numbers without names"),
        ({}, NAMED, 2, PLAIN, "columns: .*by name; send their names"),
        ({}, FULL, 40, MANY, f"columns: .*would have {COLUMNS + 40}; at most {COLUMNS}"),
        ({}, None, 2, Schema(TWO.columns, "category"), "task: .*classes, learner.task is binary.*multiclass"),
        ({"task": "regression"}, None, 2, Schema(TWO.columns, horizons=(5,)), "task: .*forecast, learner.task is regr"),
        ({"task": "next"}, None, 2, TWO, r"columns: .*one column, a category; this one has a \(numeric\), b"),
        (NDEKF, None, 2, Schema(TWO.columns, horizons=(1, 5)), "task: .*2 horizons.*one number.*optimiser = rmsprop"),
        (NDEKF | {"memory": "ring"}, None, 2, TWO, "columns: .*memory = ring.*memory = auto"),
        ({"task": "next", "inputs": 2}, None, 2, PLAIN, "columns: .*this one has 2 numbers"),
    ],
)
def test_what_does_not_fit_is_told_with_what_to_do(
    settings: dict[str, Any], known: Any, inputs: int, schema: Schema, words: str
) -> None:
    assert re.match(words, said(settings, known, inputs, schema))
