"""The laws that every engine's learner obeys. A new engine is one more word in ENGINES."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.config.learner import EngineName, LearnerSettings
from streamer.errors import IncompatibleError, SampleError
from streamer.learning.learner import Learner
from streamer.samples import Floats
from streamer.sources.bits import BitSource

ENGINES: tuple[EngineName, ...] = ("reference", "fused")
SMALL = LearnerSettings(inputs=2, hidden=3, truncation=4)
FILTER = LearnerSettings(inputs=2, hidden=3, truncation=4, optimiser="ndekf")
EACH = pytest.mark.parametrize("small", [SMALL, FILTER], ids=["rmsprop", "ndekf"])
"""A number for each weight beside it, and a matrix for each node."""

pytestmark = [
    pytest.mark.parametrize("engine", ENGINES),
    pytest.mark.timeout(300),  # torch steps a sample a millisecond, on a machine that may have much else to do
]


def samples(count: int, seed: int = 0, inputs: int = 2) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    ys = rng.integers(0, 2, count).astype(np.float32)
    ys[rng.random(count) < 0.1] = np.nan
    return rng.standard_normal((count, inputs), np.float32), ys


@EACH
def test_predicting_changes_nothing(engine: EngineName, small: LearnerSettings) -> None:
    learner = Learner(small, engine=engine)
    xs, ys = samples(20)
    learner.step_many(xs, ys)
    before = learner.state_hash()
    assert learner.predict_one(xs[0]) == learner.predict_one(xs[0])
    assert learner.state_hash() == before


@EACH
def test_stepping_gives_the_bits_of_predicting_and_learning_in_turn(engine: EngineName, small: LearnerSettings) -> None:
    whole, single = Learner(small, engine=engine), Learner(small, engine=engine)
    xs, ys = samples(60)
    predictions = whole.step_many(xs, ys)
    for x, y, prediction in zip(xs, ys, predictions, strict=True):
        assert np.float32(single.predict_one(x)) == prediction
        single.learn_one(x, None if np.isnan(y) else float(y))
    assert single.state_hash() == whole.state_hash()


@EACH
@settings(max_examples=15)
@given(cuts=st.lists(st.integers(0, 40), max_size=6), seed=st.integers(0, 5))
def test_any_partition_into_blocks_gives_one_state(
    engine: EngineName, small: LearnerSettings, cuts: list[int], seed: int
) -> None:
    whole, parts = Learner(small, engine=engine), Learner(small, engine=engine)
    xs, ys = samples(40, seed)
    expected = whole.step_many(xs, ys)
    bounds = [0, *sorted(cuts), 40]
    pieces = [parts.step_many(xs[a:b], ys[a:b]) for a, b in pairwise(bounds)]
    assert np.array_equal(np.concatenate(pieces), expected)
    assert parts.state_hash() == whole.state_hash()


@EACH
def test_a_prediction_does_not_depend_on_its_own_or_a_later_label(engine: EngineName, small: LearnerSettings) -> None:
    one, other = Learner(small, engine=engine), Learner(small, engine=engine)
    xs, ys = samples(30)
    changed = ys.copy()
    changed[20:] = 1 - np.nan_to_num(ys[20:])
    assert np.array_equal(one.step_many(xs, ys)[:21], other.step_many(xs, changed)[:21])


def test_the_same_seed_gives_the_same_trajectory_and_another_seed_another(engine: EngineName) -> None:
    xs, ys = samples(30)
    hashes = []
    for seed in (3, 3, 4):
        learner = Learner(SMALL, seed=seed, engine=engine)
        learner.step_many(xs, ys)
        hashes.append(learner.state_hash())
    assert hashes[0] == hashes[1] != hashes[2]


@EACH
@pytest.mark.parametrize("seen", [0, 1, 2, 3, 4, 5, 23])
def test_a_restored_learner_has_the_same_future(engine: EngineName, small: LearnerSettings, seen: int) -> None:
    learner = Learner(small, engine=engine)
    xs, ys = samples(60)
    learner.step_many(xs[:seen], ys[:seen])
    snapshot = learner.snapshot()
    future = learner.step_many(xs[seen:], ys[seen:])
    restored = Learner.restore(snapshot, engine=engine)
    assert np.array_equal(restored.step_many(xs[seen:], ys[seen:]), future)
    assert restored.state_hash() == learner.state_hash()


def test_a_snapshot_is_a_copy(engine: EngineName) -> None:
    learner = Learner(SMALL, engine=engine)
    snapshot, before = learner.snapshot(), learner.state_hash()
    learner.step_many(*samples(10))
    assert Learner.restore(snapshot, engine=engine).state_hash() == before != learner.state_hash()


def test_a_snapshot_of_another_structure_is_refused_by_name(engine: EngineName) -> None:
    snapshot = Learner(SMALL, engine=engine).snapshot()
    with pytest.raises(IncompatibleError, match=r"hidden 3 \(here 5\)"):
        Learner.restore(snapshot, settings=LearnerSettings(inputs=2, hidden=5, truncation=4), engine=engine)


def test_a_tunable_setting_may_change_at_a_restore(engine: EngineName) -> None:
    snapshot = Learner(SMALL, engine=engine).snapshot()
    slower = LearnerSettings(inputs=2, hidden=3, truncation=4, step_size=0.001)
    restored = Learner.restore(snapshot, settings=slower, engine=engine)
    assert restored.settings.step_size == 0.001


@pytest.mark.parametrize("change", ["missing", "shape", "extra", "window"])
def test_a_snapshot_with_wrong_arrays_is_refused(engine: EngineName, change: str) -> None:
    learner = Learner(SMALL, engine=engine)
    learner.step_many(*samples(10))
    snapshot = learner.snapshot()
    if change == "missing":
        del snapshot.arrays["parameters.U"]
    elif change == "shape":
        snapshot.arrays["parameters.v"] = np.zeros(7, np.float32)
    elif change == "extra":
        snapshot.arrays["parameters.Q"] = np.zeros(7, np.float32)
    else:
        snapshot.arrays["window.inputs"] = np.zeros((9, 2), np.float32)
    with pytest.raises(IncompatibleError):
        Learner.restore(snapshot, engine=engine)


@EACH
@pytest.mark.parametrize("extreme", [3e38, -3e38, 1e-45, 0.0])
def test_all_stays_finite_after_extreme_input(engine: EngineName, small: LearnerSettings, extreme: float) -> None:
    learner = Learner(small, engine=engine)
    xs, ys = samples(40)
    xs[10:13] = extreme
    xs[11, 1] = -extreme
    predictions = learner.step_many(xs, ys)
    assert np.isfinite(predictions).all()
    assert all(np.isfinite(array).all() for array in learner.snapshot().arrays.values())


@EACH
def test_the_state_does_not_grow_but_by_samples_that_may_still_get_a_label(
    engine: EngineName, small: LearnerSettings
) -> None:
    learner = Learner(small, engine=engine, label_horizon=10)
    sizes = set()
    for seed in range(4):
        xs, ys = samples(50, seed)
        learner.step_many(xs, np.where(np.arange(50) < 40, ys, 1))
        sizes.add(sum(array.nbytes for array in learner.snapshot().arrays.values()))
    assert len(sizes) == 1


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([np.nan, 0], 1, "not_finite"),
        ([0, -np.inf], 1, "not_finite"),
        ([1e39, 0], 1, "not_finite"),
        ([0], 1, "shape"),
        ([[0, 1]], 1, "shape"),
        ("text", 1, "type"),
        ([0, 1], 0.5, "target"),
        ([0, 1], np.inf, "target"),
    ],
)
def test_wrong_numbers_are_refused_and_the_learner_is_unchanged(
    engine: EngineName, x: object, y: float, reason: str
) -> None:
    learner = Learner(SMALL, engine=engine)
    before = learner.state_hash()
    with pytest.raises(SampleError) as refusal:
        learner.learn_one(x, y)  # type: ignore[arg-type]
    assert refusal.value.reason == reason
    assert learner.state_hash() == before


def test_one_wrong_sample_of_a_block_leaves_the_learner_unchanged(engine: EngineName) -> None:
    learner = Learner(SMALL, engine=engine)
    before = learner.state_hash()
    xs, ys = samples(10)
    xs[7, 1] = np.nan
    with pytest.raises(SampleError, match=r"index \(7, 1\)"):
        learner.step_many(xs, ys)
    assert learner.state_hash() == before


def test_a_sample_without_a_label_advances_the_hidden_state_only(engine: EngineName) -> None:
    learner = Learner(SMALL, engine=engine)
    before = learner.snapshot().arrays
    prediction = learner.predict_one([1.0, 0.0])
    learner.learn_one([1.0, 0.0], None)
    after = learner.snapshot().arrays
    assert np.array_equal(before["parameters.U"], after["parameters.U"])
    assert learner.predict_one([1.0, 0.0]) != prediction
    assert learner.counters() == {"samples": 1, "updates": 0, "skipped_updates": 0}


def test_it_beats_the_majority_class_on_the_seeds_task(engine: EngineName) -> None:
    block = BitSource(seed=1).read(0, 700)
    predictions = Learner(engine=engine).step_many(block.inputs, block.targets)
    right = (predictions > 0.5) == (block.targets > 0.5)
    assert right[-200:].mean() >= 0.99
    assert block.targets[-200:].mean() < 0.85


def test_it_does_not_beat_chance_on_fair_coins(engine: EngineName) -> None:
    rng = np.random.default_rng(5)
    xs = rng.integers(0, 2, (2000, 1)).astype(np.float32)
    ys = rng.integers(0, 2, 2000).astype(np.float32)
    right = (Learner(engine=engine).step_many(xs, ys) > 0.5) == (ys > 0.5)
    assert abs(right.mean() - 0.5) < 4 * 0.5 / np.sqrt(2000)


@pytest.mark.parametrize("count", [0, 1, 100, 300])
def test_the_last_hidden_states_are_there_to_be_seen_and_seeing_them_changes_nothing(
    engine: EngineName, count: int
) -> None:
    if engine == "reference" and count > 100:
        count = 260
    learner = Learner(SMALL, engine=engine)
    learner.step_many(*samples(count))
    before = learner.state_hash()
    insight = learner.insight()
    assert insight.hidden.shape == (min(count, 256), 3)
    assert np.isfinite(insight.hidden).all()
    assert (np.abs(insight.hidden).sum(axis=1) > 0).all()
    assert learner.state_hash() == before


def test_a_restored_learner_shows_the_steps_since(engine: EngineName) -> None:
    learner = Learner(SMALL, engine=engine)
    xs, ys = samples(40)
    learner.step_many(xs[:30], ys[:30])
    restored = Learner.restore(learner.snapshot(), engine=engine)
    assert len(restored.insight().hidden) == 0
    assert np.isnan(restored.insight().gradient_norm)
    learner.step_many(xs[30:], ys[30:])
    restored.step_many(xs[30:], ys[30:])
    assert np.array_equal(restored.insight().hidden, learner.insight().hidden[-10:])
    assert restored.insight().gradient_norm == learner.insight().gradient_norm > 0
