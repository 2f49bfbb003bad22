"""What holds for whatever turns targets into what a network learns, and its outputs into predictions."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.config.learner import LearnerSettings
from streamer.learning.outcomes.choice import make_outcome
from streamer.learning.outcomes.outcome import Outcome, Prepared
from streamer.learning.snapshot import hash_arrays
from streamer.samples import Floats

COUNT = 30
NO_TARGET = np.full(1, np.nan, np.float32)

BINARY = LearnerSettings()
CLASSES = LearnerSettings(task="multiclass", classes=4)
NUMBERS = LearnerSettings(task="regression")
FORECAST = LearnerSettings(task="forecast", horizons=(1, 3))

CASES: dict[str, tuple[LearnerSettings, Callable[[], Outcome]]] = {
    "binary": (BINARY, lambda: make_outcome(BINARY, ())),
    "binary, previous": (BINARY, lambda: make_outcome(BINARY, (), previous=True)),
    "classes": (CLASSES, lambda: make_outcome(CLASSES, ())),
    "classes, previous": (CLASSES, lambda: make_outcome(CLASSES, (), previous=True)),
    "numbers": (NUMBERS, lambda: make_outcome(NUMBERS, ())),
    "numbers, mean": (NUMBERS, lambda: make_outcome(NUMBERS, (), base="mean")),
    "numbers, last": (NUMBERS, lambda: make_outcome(NUMBERS, (), base="last")),
    "forecast": (FORECAST, lambda: make_outcome(FORECAST, (1, 3))),
    "forecast, last": (FORECAST, lambda: make_outcome(FORECAST, (1, 3), base="last")),
}
EACH = pytest.mark.parametrize("case", list(CASES))
PROMPT = pytest.mark.parametrize("case", [case for case in CASES if not case.startswith("forecast")])
quick = settings(max_examples=15)


def stream(case: str, seed: int) -> tuple[Floats, Floats, Floats]:
    """Features, targets with some missing, and outputs of a network."""
    chosen, rng = CASES[case][0], np.random.default_rng(seed)
    ys = {"binary": rng.integers(0, 2, COUNT), "multiclass": rng.integers(5, 9, COUNT)}.get(
        chosen.task, rng.normal(9, 3, COUNT).cumsum()
    )
    ys = np.where(rng.random(COUNT) < 0.3, np.nan, ys).astype(np.float32)
    return (
        rng.normal(size=(COUNT, 2)).astype(np.float32),
        ys,
        rng.normal(size=(COUNT, chosen.outputs)).astype(np.float32),
    )


def run(outcome: Outcome, features: Floats, ys: Floats, outputs: Floats) -> tuple[Prepared, Floats, Floats]:
    """A block: what the network gets, what is predicted, and what is kept."""
    prepared = outcome.prepare(features, ys)
    return prepared, *outcome.conclude(outputs, ys, prepared.offers)


def bits(*arrays: Floats) -> list[tuple[tuple[int, ...], bytes]]:
    return [(array.shape, array.tobytes()) for array in arrays]


@EACH
@quick
@given(seed=st.integers(0, 99), cuts=st.lists(st.integers(0, COUNT), max_size=4))
def test_however_a_stream_is_cut_the_bits_are_the_same(case: str, seed: int, cuts: list[int]) -> None:
    data, whole, cut = stream(case, seed), CASES[case][1](), CASES[case][1]()
    prepared, rows, kept = run(whole, *data)
    pieces = [run(cut, *(array[a:b] for array in data)) for a, b in pairwise(sorted({0, COUNT, *cuts}))]
    joined = [np.concatenate(parts) for parts in zip(*((*p, r, k) for p, r, k in pieces), strict=True)]
    assert bits(*joined) == bits(*prepared, rows, kept)
    assert hash_arrays(cut.export()) == hash_arrays(whole.export())


@EACH
@quick
@given(seed=st.integers(0, 99))
def test_peeking_is_pure_and_tells_what_the_step_will(case: str, seed: int) -> None:
    outcome = CASES[case][1]()
    for feature, y, output in zip(*stream(case, seed), strict=True):
        own = y[None] if case.startswith("forecast") else NO_TARGET
        before = hash_arrays(outcome.export())
        peeked = outcome.peek(feature[None], own)
        shown = outcome.show(output[None], peeked.offers)
        assert hash_arrays(outcome.export()) == before
        prepared, rows, _ = run(outcome, feature[None], y[None], output[None])
        assert bits(peeked.features, peeked.offers, shown) == bits(prepared.features, prepared.offers, rows)


@EACH
@quick
@given(seed=st.integers(0, 99), at=st.integers(0, COUNT))
def test_an_outcome_goes_on_from_its_arrays(case: str, seed: int, at: int) -> None:
    data, outcome, other = stream(case, seed), CASES[case][1](), CASES[case][1]()
    run(outcome, *(array[:at] for array in data))
    other.load(outcome.export())
    assert hash_arrays(other.export()) == hash_arrays(outcome.export())
    ends = [run(one, *(array[at:] for array in data)) for one in (outcome, other)]
    assert bits(*ends[0][0], *ends[0][1:]) == bits(*ends[1][0], *ends[1][1:])
    assert hash_arrays(other.export()) == hash_arrays(outcome.export())


@PROMPT
@quick
@given(seed=st.integers(0, 99), at=st.integers(0, COUNT - 1))
def test_what_a_sample_shows_does_not_depend_on_its_own_target_or_later_ones(case: str, seed: int, at: int) -> None:
    features, ys, outputs = stream(case, seed)
    other = ys.copy()
    other[at:] = ys[at:][::-1]
    until = slice(0, at + 1)
    shown = []
    for targets in (ys, other):
        prepared, rows, _ = run(CASES[case][1](), features, targets, outputs)
        shown.append(bits(prepared.features[until], prepared.offers[until], rows[until]))
    assert shown[0] == shown[1]


@PROMPT
@quick
@given(seed=st.integers(0, 99))
def test_a_label_that_comes_late_with_nothing_in_between_leaves_what_a_prompt_one_does(case: str, seed: int) -> None:
    data, prompt, late = stream(case, seed), CASES[case][1](), CASES[case][1]()
    for feature, y, output in zip(*data, strict=True):
        expected = run(prompt, feature[None], y[None], output[None])
        prepared, rows, kept = run(late, feature[None], NO_TARGET, output[None])
        for one, other in ((prepared.features, expected[0].features), (rows, expected[1])):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)  # what is kept for a label is float32
        if y == y:
            learned = late.late(kept, y[None])
            np.testing.assert_allclose(learned, expected[0].targets, rtol=1e-4, atol=1e-4)
    ends = [outcome.export() for outcome in (prompt, late)]
    assert ends[0].keys() == ends[1].keys()
    for name, array in ends[0].items():
        np.testing.assert_allclose(array, ends[1][name], rtol=1e-4, atol=1e-4, err_msg=name)
