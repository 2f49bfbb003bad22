"""What holds for every task, with named columns, missing values and labels that come late, in both engines."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.columns import Column, Schema
from streamer.config.learner import EngineName, LearnerSettings
from streamer.errors import SampleError
from streamer.learning.learner import Learner
from streamer.samples import Floats

TABLE = Schema((Column("a"), Column("shop", "category"), Column("b")))
NUMBERS = Schema((Column("a"), Column("b")))
"""Without gaps, so that their networks never grow: each size takes seconds to compile."""
SYMBOLS = Schema((Column("symbol", "category"),))
SERIES = Schema((Column("value"), Column("b")), horizons=(1, 3))

Make = Callable[[], Learner]


def small(task: str, schema: Schema, engine: EngineName, **more: object) -> Make:
    values = {"task": task, "hidden": 4, "truncation": 3, "scaling": "standard", "classes": 4} | more
    chosen = LearnerSettings.model_validate(values)
    return lambda: Learner(chosen, seed=1, engine=engine, schema=schema, label_horizon=20)


CASES: dict[str, tuple[str, Schema, dict[str, object]]] = {
    "binary": ("binary", TABLE, {}),
    "multiclass": ("multiclass", NUMBERS, {}),
    "regression": ("regression", TABLE, {}),
    "gaussian": ("regression", NUMBERS, {"loss": "gaussian"}),
    "forecast": ("forecast", SERIES, {}),
    "next": ("next", SYMBOLS, {}),
    "rtrl": ("regression", NUMBERS, {"gradient": "rtrl"}),
    "stale": ("binary", NUMBERS, {"gradient": "stale"}),
    "ring": ("binary", TABLE, {"memory": "ring", "memory_size": 2}),
}

cases = pytest.mark.parametrize(
    ("case", "engine"), [(case, "fused") for case in CASES] + [("regression", "reference"), ("forecast", "reference")]
)


def make_of(case: str, engine: str) -> Make:
    task, schema, more = CASES[case]
    return small(task, schema, engine, **more)  # type: ignore[arg-type]


def stream(case: str, seed: int, count: int) -> tuple[Floats, Floats]:
    """Rows with gaps and new categories, and targets of the task, some of them missing."""
    rng = np.random.default_rng(seed)
    xs = rng.normal(3, 2, (count, 3)).astype(np.float32)
    xs[:, 1] = rng.integers(0, 1 + 2 * np.arange(count) // count, count)
    ys = {
        "binary": (rng.random(count) < 0.5).astype(np.float32),
        "multiclass": rng.integers(5, 9, count).astype(np.float32),
    }.get(CASES[case][0], rng.normal(10, 3, count).astype(np.float32))
    ys[rng.random(count) < 0.2] = np.nan
    if case == "next":
        return rng.integers(0, 3, (count, 1)).astype(np.float32), ys
    if CASES[case][1] is not TABLE:
        return xs[:, ::2].copy(), ys
    xs[rng.random((count, 3)) < 0.1] = np.nan
    return xs, ys


def parts(count: int, cuts: list[int]) -> Iterator[tuple[int, int]]:
    return pairwise(sorted({0, count, *(cut for cut in cuts if cut < count)}))


quick = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])


@cases
@quick
@given(seed=st.integers(0, 99), cuts=st.lists(st.integers(1, 40), max_size=4))
def test_predictions_and_state_do_not_depend_on_how_a_stream_is_cut(
    case: str, engine: str, seed: int, cuts: list[int]
) -> None:
    xs, ys = stream(case, seed, 40)
    whole, cut = make_of(case, engine)(), make_of(case, engine)()
    predictions = whole.step_many(xs, ys)
    pieces = [cut.step_many(xs[start:end], ys[start:end]) for start, end in parts(40, cuts)]
    assert predictions.tobytes() == np.concatenate(pieces).tobytes()
    assert whole.state_hash() == cut.state_hash()


@cases
def test_predicting_is_pure_and_tells_what_the_step_will(case: str, engine: str) -> None:
    xs, ys = stream(case, 3, 30)
    learner, stepped = make_of(case, engine)(), make_of(case, engine)()
    for x, y, row in zip(xs, ys, stepped.step_many(xs, ys), strict=True):
        before = learner.state_hash()
        assert np.asarray(learner.predict_one(x), np.float32).tobytes() == np.asarray(row).tobytes()
        assert learner.state_hash() == before
        learner.learn_one(x, y)
    assert learner.state_hash() == stepped.state_hash()


@cases
@quick
@given(seed=st.integers(0, 99), at=st.integers(0, 40))
def test_a_learner_goes_on_from_its_snapshot(case: str, engine: EngineName, seed: int, at: int) -> None:
    xs, ys = stream(case, seed, 40)
    learner = make_of(case, engine)()
    learner.step_many(xs[:at], ys[:at])
    restored = Learner.restore(learner.snapshot(), engine=engine, label_horizon=20)
    assert restored.state_hash() == learner.state_hash()
    assert restored.step_many(xs[at:], ys[at:]).tobytes() == learner.step_many(xs[at:], ys[at:]).tobytes()
    assert restored.state_hash() == learner.state_hash()


@cases
def test_a_prediction_does_not_look_at_its_own_target(case: str, engine: str) -> None:
    xs, ys = stream(case, 5, 40)
    other = ys.copy()
    other[20:] = np.where(np.isnan(ys[20:]), np.nan, np.float32(ys[~np.isnan(ys)][0]))
    rows = [make_of(case, engine)().step_many(xs, targets) for targets in (ys, other)]
    assert rows[0][:21].tobytes() == rows[1][:21].tobytes()


late = pytest.mark.parametrize("case", ["binary", "multiclass", "regression", "rtrl", "stale", "ring"])


@late
@quick
@given(seed=st.integers(0, 99), lag=st.integers(0, 9))
def test_late_labels_are_learned_and_survive_a_snapshot(case: str, seed: int, lag: int) -> None:
    xs, ys = stream(case, seed, 40)
    learner, restarted = make_of(case, "fused")(), make_of(case, "fused")()
    for t in range(40):
        for one in (learner, restarted):
            one.step_many(xs[t : t + 1], [np.nan])
        if t >= lag and not np.isnan(ys[t - lag]):
            updates = learner.counters()["updates"]
            learner.label(t - lag, float(ys[t - lag]))
            restarted = Learner.restore(restarted.snapshot(), label_horizon=20)
            restarted.label(t - lag, float(ys[t - lag]))
            assert learner.counters()["updates"] == updates + 1
    assert restarted.state_hash() == learner.state_hash()


def test_a_label_that_comes_at_once_moves_the_weights_as_if_it_had_come_with_its_sample() -> None:
    xs, ys = stream("binary", 0, 40)
    ys = np.nan_to_num(ys)
    prompt, late = make_of("binary", "fused")(), make_of("binary", "fused")()
    for t in range(40):
        prompt.step_many(xs[t : t + 1], ys[t : t + 1])
        late.step_many(xs[t : t + 1], [np.nan])
        late.label(t, float(ys[t]))
    weights = [learner.export()["parameters.U"] for learner in (prompt, late)]
    assert weights[0].tobytes() == weights[1].tobytes()


@late
def test_labels_that_cannot_be_used_are_refused_and_change_nothing(case: str) -> None:
    xs, ys = stream(case, 0, 30)
    ys = np.where(np.isnan(ys), ys[~np.isnan(ys)][0], ys)
    ys[5], ys[27] = np.nan, np.nan
    learner = make_of(case, "fused")()
    learner.step_many(xs, ys)
    before = learner.state_hash()
    for number, reason in ((5, "label_late"), (20, "label_unknown"), (30, "label_unknown"), (-1, "label_late")):
        with pytest.raises(SampleError) as error:
            learner.label(number, float(ys[0]))
        assert error.value.reason == reason
    with pytest.raises(SampleError, match="a target"):
        learner.label(27, float("nan"))
    assert learner.state_hash() == before
    learner.label(27, float(ys[0]))
    with pytest.raises(SampleError):
        learner.label(27, float(ys[0]))


@pytest.mark.parametrize("case", list(CASES))
def test_the_state_is_bounded_however_much_is_missing(case: str) -> None:
    learner, sizes = make_of(case, "fused")(), []
    for seed in range(6):
        xs, ys = stream(case, seed, 40)
        learner.step_many(xs, np.full_like(ys, np.nan))
        sizes.append(sum(array.nbytes for array in learner.export().values()))
    assert max(sizes[3:]) <= sizes[2] * 1.2
