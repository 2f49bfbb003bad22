"""Several engines in one call are bit for bit what each of them is on its own."""

import gc
import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.several import InTurn, make_several
from streamer.learning.engines.trail import Trail
from streamer.learning.memory import feature_count
from streamer.learning.network import initialise
from streamer.learning.snapshot import hash_arrays

pytestmark = pytest.mark.timeout(300)  # each plan compiles two kernels

# settings of test_late_labels, because kernels that are shared are compiled once
BASE: dict[str, Any] = {"memory": "none", "truncation": 4, "anchoring": 0}
PLANS = [
    LearnerSettings(**BASE | values)
    for values in (
        {"memory": "ring", "memory_size": 3, "inputs": 2},
        {"memory": "ring", "memory_size": 3, "inputs": 2, "step_size": 1e-3},
        {"task": "multiclass", "classes": 4, "inputs": 2},
        {"gradient": "rtrl", "hidden": 6, "memory": "ring", "memory_size": 2},
        {"task": "forecast", "horizons": (1, 3), "loss": "gaussian", "memory": "taps", "memory_size": 2},
    )
]
mixes = st.lists(st.integers(0, len(PLANS) - 1), min_size=1, max_size=6)
quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def made(mix: list[int]) -> list[FusedEngine]:
    return [
        FusedEngine(PLANS[i], initialise(feature_count(PLANS[i]), PLANS[i].hidden, place, PLANS[i].outputs))
        for place, i in enumerate(mix)
    ]


def blocks(mix: list[int], counts: list[int], rng: Any) -> tuple[list[Any], list[Any]]:
    """Inputs and targets for each, some of these missing."""
    xs = [rng.normal(size=(count, PLANS[i].inputs)).astype(np.float32) for i, count in zip(mix, counts, strict=True)]
    ys = [
        (
            rng.integers(0, 4, (count, PLANS[i].targets))
            if PLANS[i].task == "multiclass"
            else rng.random((count, PLANS[i].targets)) < 0.5
        ).astype(np.float32)
        for i, count in zip(mix, counts, strict=True)
    ]
    for y in ys:
        y[rng.random(len(y)) < 0.3] = np.nan
    return xs, ys


def states(engines: list[FusedEngine]) -> list[str]:
    return [hash_arrays(engine.export()) for engine in engines]


def same(ones: list[Any], others: list[Any]) -> None:
    assert [(a.shape, a.tobytes()) for a in ones] == [(b.shape, b.tobytes()) for b in others]


@quick
@given(mix=mixes, seed=st.integers(0, 99), data=st.data())
def test_stepping_together_is_stepping_apart(mix: list[int], seed: int, data: Any) -> None:
    rng = np.random.default_rng(seed)
    together, apart = made(mix), made(mix)
    several = make_several(list(together))
    for _ in range(3):
        counts = [data.draw(st.sampled_from([0, 1, 2, 30])) for _ in mix]
        xs, ys = blocks(mix, counts, rng)
        same(several.step_many(xs, ys), InTurn(apart).step_many(xs, ys))
    assert states(together) == states(apart)


@quick
@given(mix=mixes, seed=st.integers(0, 99), data=st.data())
def test_trails_are_left_by_those_that_are_to_leave_one(mix: list[int], seed: int, data: Any) -> None:
    xs, ys = blocks(mix, [9] * len(mix), np.random.default_rng(seed))
    wanted = [data.draw(st.booleans()) for _ in mix]
    together, apart = made(mix), made(mix)
    trails = [
        [Trail.blank(PLANS[i], 9) if leaves else None for i, leaves in zip(mix, wanted, strict=True)] for _ in "ab"
    ]
    same(make_several(list(together)).step_many(xs, ys, trails[0]), InTurn(apart).step_many(xs, ys, trails[1]))
    for one, other in zip(*trails, strict=True):
        if one is not None and other is not None:
            same([one.hidden, one.inputs], [other.hidden, other.inputs])
    assert states(together) == states(apart)


@quick
@given(mix=mixes, seed=st.integers(0, 99))
def test_predicting_together_tells_what_the_step_will_and_changes_nothing(mix: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    engines = made(mix)
    several = make_several(list(engines))
    several.step_many(*blocks(mix, [20] * len(mix), rng))
    xs, ys = blocks(mix, [1] * len(mix), rng)
    before = states(engines)
    predictions = several.predict([x[0] for x in xs])
    assert states(engines) == before
    same([prediction[None] for prediction in predictions], several.step_many(xs, ys))


@quick
@given(mix=mixes, seed=st.integers(0, 99))
def test_learning_late_labels_together_is_learning_them_apart(mix: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    together, apart = made(mix), made(mix)
    windows = [rng.normal(size=(3, 4, feature_count(PLANS[i]))).astype(np.float32) for i in mix]
    hidden = [rng.normal(size=(3, PLANS[i].hidden)).astype(np.float32) for i in mix]
    lengths = [rng.integers(1, 5, 3) for _ in mix]
    _, ys = blocks(mix, [3] * len(mix), rng)
    make_several(list(together)).relearn(hidden, windows, lengths, ys)
    InTurn(apart).relearn(hidden, windows, lengths, ys)
    assert states(together) == states(apart)


def test_engines_may_be_loaded_and_used_one_by_one_in_between() -> None:
    rng, mix = np.random.default_rng(0), [0, 2]
    together, apart = made(mix), made(mix)
    several = make_several(list(together))
    for _ in range(3):
        xs, ys = blocks(mix, [7, 7], rng)
        same(several.step_many(xs, ys), InTurn(apart).step_many(xs, ys))
        for engines in (together, apart):
            engines[0].step_many(xs[0], ys[0])
            engines[1].load(made([2])[0].export())
    assert states(together) == states(apart)


def test_whoever_holds_several_holds_its_engines() -> None:
    rng, mix = np.random.default_rng(1), [0, 2, 4]
    apart = made(mix)
    several = make_several(list(made(mix)))
    for _ in range(3):
        gc.collect()
        rubbish = [np.full(5000, np.nan, np.float32) for _ in range(200)]
        xs, ys = blocks(mix, [5, 5, 5], rng)
        same(several.step_many(xs, ys), InTurn(apart).step_many(xs, ys))
        del rubbish


@pytest.mark.parametrize("wrong", [None, np.zeros((2, 2))], ids=["nothing", "double"])
def test_what_is_no_such_array_is_refused(wrong: Any) -> None:
    engines = made([0, 0])
    before = states(engines)
    xs, ys = blocks([0, 0], [2, 2], np.random.default_rng(0))
    with pytest.raises(TypeError):
        make_several(list(engines)).step_many([xs[0], wrong], ys)
    assert states(engines) == before


def test_a_list_that_is_short_is_refused() -> None:
    several = make_several(list(made([0, 0])))
    xs, ys = blocks([0, 0], [2, 2], np.random.default_rng(0))
    for short in ((xs[:1], ys), (xs, ys[:1])):
        with pytest.raises(ValueError, match="zip"):
            several.step_many(*short)


def test_other_threads_run_meanwhile() -> None:
    """Nobody is made to let go of the interpreter; so if another thread runs before the call ends, it has."""
    several, began, ended = make_several(list(made([0, 0]))), threading.Event(), threading.Event()
    xs, ys = blocks([0, 0], [200_000, 200_000], np.random.default_rng(0))

    def run() -> None:
        began.set()
        several.step_many(xs, ys)
        ended.set()

    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        began.wait()
        early = not ended.is_set()
        thread.join()
    finally:
        sys.setswitchinterval(before)
    assert early


def test_a_process_that_finds_everything_on_disk_computes_the_same(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    code = (
        "import numpy as np\n"
        "from streamer.config.learner import LearnerSettings\n"
        "from streamer.learning.engines.fused.engine import FusedEngine\n"
        "from streamer.learning.engines.several import make_several\n"
        "from streamer.learning.network import initialise\n"
        "chosen = LearnerSettings(hidden=1, truncation=1, memory='none', optimiser='sgd')\n"
        "several = make_several([FusedEngine(chosen, initialise(1, 1, seed)) for seed in (0, 1)])\n"
        "xs = [np.ones((9, 1), np.float32)] * 2\n"
        "print([rows.tobytes().hex() for rows in several.step_many(xs, xs)])\n"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout for _ in "ab"
    )
    assert first == second != ""
    assert len(list(tmp_path.rglob("step_in_turn/**/*.nbc"))) == 1
