"""Which streams have an annealed step size, and that they keep it."""

from typing import Any

import numpy as np
import pytest

from streamer.columns import PLAIN, Column, Schema
from streamer.config.learner import LearnerSettings
from streamer.errors import IncompatibleError
from streamer.learning.learner import Learner
from streamer.learning.snapshot import Snapshot

NAMED = Schema((Column("a"),))
SYMBOLS = Schema((Column("symbol", "category"),))
STANDARD = {"scaling": "standard"}
REGRESSION = {"task": "regression"}


def learner(schema: Schema, values: dict[str, Any]) -> Learner:
    return Learner(LearnerSettings(hidden=4, truncation=3, **values), schema=schema, engine="reference")


def annealed(learner: Learner) -> bool:
    return "schedule.state" in learner.export()


@pytest.mark.parametrize(
    ("schema", "values", "expected"),
    [
        (NAMED, STANDARD, True),
        (NAMED, STANDARD | REGRESSION, True),
        (PLAIN, STANDARD | REGRESSION, True),
        (PLAIN, STANDARD | {"task": "forecast"}, True),
        (PLAIN, STANDARD, False),
        (NAMED, {}, False),
        (PLAIN, REGRESSION, False),
        (SYMBOLS, STANDARD | {"task": "next"}, False),
        (NAMED, STANDARD | {"schedule": "constant"}, False),
        (PLAIN, {"schedule": "annealed"}, True),
    ],
)
def test_auto_anneals_tables_and_numbers_that_are_standardised(
    schema: Schema, values: dict[str, Any], expected: bool
) -> None:
    assert annealed(learner(schema, values)) is expected


@pytest.mark.parametrize(("began", "later"), [("standard", "none"), ("none", "standard")])
def test_a_stream_keeps_what_it_began_with(began: Any, later: Any) -> None:
    before = learner(NAMED, {"scaling": began})
    before.step_many(np.ones((5, 1)), np.ones(5))
    after = Learner.restore(
        before.snapshot(), settings=before.settings.model_copy(update={"scaling": later}), engine="reference"
    )
    assert annealed(after) is annealed(before) is (began == "standard")
    assert after.state_hash() == before.state_hash()


def test_a_stream_of_before_there_was_a_choice_keeps_its_step() -> None:
    before = learner(NAMED, STANDARD | {"schedule": "constant"})
    auto = before.settings.model_copy(update={"schedule": "auto"})
    assert not annealed(Learner.restore(Snapshot(auto, before.export()), engine="reference"))


def test_a_snapshot_that_should_have_the_state_and_has_not_is_refused_by_name() -> None:
    whole = learner(NAMED, {"schedule": "annealed"}).snapshot()
    del whole.arrays["schedule.state"]
    with pytest.raises(IncompatibleError, match=r"schedule\.state.*none.*float32 \(4,\)"):
        Learner.restore(whole, engine="reference")
