"""The newest known target among the features: the rule of the module, held against a plain statement of it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.config.learner import LearnerSettings
from streamer.learning.outcomes.choice import make_outcome
from streamer.learning.outcomes.previous import MOST, Previous, show_newest
from streamer.samples import Floats

BINARY = LearnerSettings()
CLASSES = LearnerSettings(task="multiclass", classes=4)
NAN = float("nan")


def made(chosen: LearnerSettings) -> Previous:
    outcome = make_outcome(chosen, (), previous=True)
    assert isinstance(outcome, Previous)
    return outcome


def row_of(newest: float, chosen: LearnerSettings, order: list[float]) -> list[float]:
    """The features of one newest target, in words."""
    if chosen is BINARY:
        return [0.0] if newest != newest else [2 * newest - 1]
    return [float(newest in order and order.index(newest) == place) for place in range(4)]


def shown(outcome: Previous, *ys: float) -> list[list[float]]:
    """The features that go with these targets, of rows that hold 5."""
    features = np.full((len(ys), 1), 5, np.float32)
    wide = outcome.prepare(features, np.array(ys, np.float32)).features
    assert wide.shape[1] == 1 + outcome.extra
    assert (wide[:, outcome.extra :] == features).all()
    return wide[:, : outcome.extra].tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("chosen", [BINARY, CLASSES], ids=["binary", "classes"])
@given(data=st.data())
def test_a_row_shows_the_newest_target_known_before_it_prompt_or_late(chosen: LearnerSettings, data: Any) -> None:
    values = [0.0, 1.0] if chosen is BINARY else [7.0, 3.0, 9.0]
    events = data.draw(st.lists(st.tuples(st.sampled_from(["prompt", "late"]), st.sampled_from([NAN, *values]))))
    outcome, newest = made(chosen), NAN
    order: list[float] = []
    for kind, y in events:
        if kind == "prompt":
            assert shown(outcome, y) == [row_of(newest, chosen, order)]
        else:
            outcome.late(np.empty((1, 0), np.float32), np.array([y], np.float32))
        if y == y:
            newest = y
            order += [] if y in order else [y]
    assert outcome.classes == (() if chosen is BINARY else tuple(order))


def test_a_row_is_followed_by_its_own_target_within_a_block() -> None:
    assert shown(made(BINARY), 1, NAN, 0, 1) == [[0], [1], [1], [-1]]
    assert shown(made(CLASSES), 7, NAN, 3) == [[0, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]


def test_of_many_classes_the_first_ones_found_have_a_feature() -> None:
    outcome = made(LearnerSettings(task="multiclass", classes=64))
    assert outcome.extra == MOST
    rows = np.array(shown(outcome, *range(MOST + 1), 0, 0))
    assert rows[MOST].tolist() == np.eye(MOST)[MOST - 1].tolist()
    assert not rows[MOST + 1].any()
    assert rows[MOST + 2].tolist() == np.eye(MOST)[0].tolist()


def test_predictions_are_of_the_width_that_they_have_without() -> None:
    for chosen in (BINARY, CLASSES):
        plain, outcome = make_outcome(chosen, ()), made(chosen)
        assert (outcome.width, outcome.wanted) == (plain.width, plain.wanted)
        for y in (0.0, 0.5, NAN, np.inf):
            assert outcome.admits_one(y) == plain.admits_one(y)
            assert outcome.admits(np.array([y], np.float32)).tolist() == [plain.admits_one(y)]


def test_numbers_have_the_last_target_among_their_features_anyhow() -> None:
    chosen = LearnerSettings(task="regression")
    assert make_outcome(chosen, (), previous=True).extra == make_outcome(chosen, ()).extra


@given(st.lists(st.sampled_from([NAN, 0.0, 1.0, 2.0]), max_size=9), st.sampled_from([0, 2, 4]))
def test_the_loop_computes_the_same_where_nothing_can_be_compiled(ys: list[float], places: int) -> None:
    targets = np.array(ys, np.float32)[:, None]
    results: list[list[Floats]] = []
    for loop in (show_newest, show_newest.plain):
        newest, features = np.full(1, np.nan, np.float32), np.zeros((len(ys), max(places, 1)), np.float32)
        loop(np.ascontiguousarray(targets), newest, places, features)
        results.append([newest, features])
    for compiled, plain in zip(*results, strict=True):
        assert compiled.tobytes() == plain.tobytes()
