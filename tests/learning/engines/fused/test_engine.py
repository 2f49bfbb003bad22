import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.agreement import TRAJECTORY, disagreements
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.learner import Learner
from streamer.learning.memory import feature_count
from streamer.learning.network import initialise
from streamer.learning.snapshot import hash_arrays

# the settings of test_agreement, because kernels that are shared are compiled once
TAPS = LearnerSettings(hidden=5, inputs=3, truncation=4, memory="taps", memory_size=2, anchoring=0)
STALE = LearnerSettings(hidden=17, truncation=5, memory="none", gradient="stale", anchoring=0)
RTRL = LearnerSettings(hidden=6, truncation=4, memory="ring", memory_size=2, gradient="rtrl", anchoring=0)
NDEKF = LearnerSettings(hidden=17, truncation=4, memory="none", optimiser="ndekf", anchoring=0)
EACH = pytest.mark.parametrize("chosen", [TAPS, STALE, RTRL, NDEKF], ids=["taps", "stale", "rtrl", "ndekf"])


def made(chosen: LearnerSettings, **options: Any) -> Any:
    parameters = initialise(feature_count(chosen), chosen.hidden, seed=0)
    return FusedEngine(chosen, parameters, poison=True, **options)


def bits(count: int, inputs: int = 1) -> Any:
    rng = np.random.default_rng(5)
    xs = (rng.random((count, inputs)) < 0.25).astype(np.float32)
    return xs, 1 - np.concatenate([[0], xs[:-1, 0]]).astype(np.float32)[:, None]


@EACH
@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, 200), max_size=6))
def test_however_a_stream_is_cut_into_blocks_the_bits_are_the_same(chosen: LearnerSettings, cuts: list[int]) -> None:
    xs, ys = bits(200, chosen.inputs)
    whole, cut = made(chosen), made(chosen)
    predictions = whole.step_many(xs, ys)
    pieces = [cut.step_many(xs[a:b], ys[a:b]) for a, b in itertools.pairwise([0, *sorted(cuts), 200])]
    np.testing.assert_array_equal(np.concatenate(pieces), predictions)
    assert hash_arrays(cut.export()) == hash_arrays(whole.export())


@EACH
def test_predicting_gives_the_bits_that_the_step_gives_and_changes_nothing(chosen: LearnerSettings) -> None:
    learner = made(chosen)
    for x, y in zip(*bits(50, chosen.inputs), strict=True):
        before = hash_arrays(learner.export())
        prediction = learner.predict(x)
        assert hash_arrays(learner.export()) == before
        assert learner.step_many(x[None], y[None])[0] == prediction


@EACH
def test_padded_lanes_stay_zero(chosen: LearnerSettings) -> None:
    learner = made(chosen)
    learner.step_many(*bits(300, chosen.inputs))
    exported = [array for name, array in learner.export().items() if name.startswith("parameters.")]
    assert np.count_nonzero(learner._storage["parameters"]) == sum(map(np.count_nonzero, exported))
    assert np.count_nonzero(learner._storage["U_margin"]) == 0


@EACH
def test_exported_arrays_do_not_change_when_the_learner_goes_on(chosen: LearnerSettings) -> None:
    learner = made(chosen)
    xs, ys = bits(40, chosen.inputs)
    learner.step_many(xs, ys)
    arrays = learner.export()
    before = hash_arrays(arrays)
    learner.step_many(xs, ys)
    assert hash_arrays(arrays) == before


@pytest.mark.parametrize(
    ("chosen", "lanes"), [(TAPS, 4), (STALE, 8), (RTRL, 4), (NDEKF, 8)], ids=["taps", "stale", "rtrl", "ndekf"]
)
def test_a_cpu_with_narrower_vectors_learns_the_same(chosen: LearnerSettings, lanes: int) -> None:
    narrow, native = made(chosen, lanes=lanes), made(chosen)
    xs, ys = bits(300, chosen.inputs)
    assert np.abs(narrow.step_many(xs, ys) - native.step_many(xs, ys)).max() < TRAJECTORY
    assert disagreements(narrow.export(), native.export(), TRAJECTORY) == []


@EACH
def test_a_long_silence_leaves_no_denormal_number(chosen: LearnerSettings) -> None:
    learner = made(chosen)
    learner.step_many(*bits(50, chosen.inputs))
    learner.step_many(np.zeros((20_000, chosen.inputs), np.float32), np.ones((20_000, 1), np.float32))
    tiny = np.finfo(np.float32).tiny
    for name, array in learner.export().items():
        assert not ((array != 0) & (np.abs(array) < tiny)).any(), name


def test_denormal_numbers_are_left_alone_outside_the_kernel() -> None:
    made(TAPS).step_many(*bits(1, TAPS.inputs))
    assert np.full(1, 1e-40, np.float32) * np.float32(1) > 0


@pytest.mark.parametrize(("hidden", "inputs", "truncation"), [(256, 1, 1), (1, 64, 1), (1, 1, 256)])
def test_the_largest_sizes_run(hidden: int, inputs: int, truncation: int) -> None:
    learner = made(LearnerSettings(hidden=hidden, inputs=inputs, truncation=truncation, memory="none"))
    assert np.isfinite(learner.step_many(*bits(300, inputs))).all()


def test_torch_is_never_loaded() -> None:
    program = (
        "import sys; from streamer import Learner; learner = Learner(engine='fused'); "
        "learner.step_many([[1.0]], [1.0]); learner.snapshot(); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_seeds_task_is_solved_and_held() -> None:
    xs, ys = bits(2000)
    predictions = Learner(LearnerSettings(memory="none"), engine="fused").step_many(xs, ys[:, 0])
    assert ((predictions[-500:] > 0.5) == (ys[-500:, 0] > 0.5)).all()
