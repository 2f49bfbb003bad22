"""Each mixture equals the plain statement of its equations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.learning.committee.mixing.binary import BinaryMixture
from streamer.learning.committee.mixing.classes import ClassMixture
from streamer.learning.committee.mixing.numbers import NumberMixture
from tests.learning.committee.mixing.plain import PlainBinary, PlainClasses, PlainNumbers
from tests.learning.committee.mixing.streams import CLASSES, binary, classes, numbers, seeds

members_of, horizons = st.integers(1, 5), st.integers(1, 3)


def target(y: float) -> float | None:
    return None if np.isnan(y) else float(y)


@given(seed=seeds, members=members_of, horizon=horizons)
def test_the_binary_mixture(seed: int, members: int, horizon: int) -> None:
    said, ys = binary(np.random.default_rng(seed), 120, members)
    plain = PlainBinary(members, 1 / horizon)
    made = [plain.step(row, target(y)) for row, y in zip(said[:, :, 0].astype(np.float64), ys, strict=True)]
    mixture = BinaryMixture(members, horizon=horizon)
    assert mixture.step_many(said, ys)[0][:, 0] == pytest.approx(np.array(made), rel=2e-4, abs=2e-6)
    state = mixture.export()
    assert state["weights"] / state["weights"].sum() == pytest.approx(plain.level.w, rel=1e-5)
    assert state["covariances"][0] == pytest.approx(plain.stacks[0].P, abs=1e-6)


@given(seed=seeds, members=members_of, horizon=horizons)
def test_the_mixture_of_classes(seed: int, members: int, horizon: int) -> None:
    said, ys = classes(np.random.default_rng(seed), 120, members)
    mixture = ClassMixture(members, classes=CLASSES, horizon=horizon)
    mixed, _ = mixture.step_many(said, ys)
    plain, found = PlainClasses(members, 1 / horizon), 0
    for t, y in enumerate(ys.tolist()):
        new = y >= found
        if found:
            place = None if np.isnan(y) or new else int(y)
            made = plain.step(said[t, :, :found].astype(np.float64), place)
            assert mixed[t, :found] == pytest.approx(made, rel=2e-4, abs=2e-6)
        assert not mixed[t, found:].any()
        found += new


@given(seed=seeds, members=members_of, horizon=horizons, anchored=st.integers(0, 2))
def test_the_mixture_of_numbers(seed: int, members: int, horizon: int, anchored: int) -> None:
    said, ys = numbers(np.random.default_rng(seed), 120, members)
    anchors = tuple(range(min(anchored, members)))
    mixture = NumberMixture(members, horizon=horizon, anchors=anchors)
    plain = PlainNumbers(np.full(members, 1 / members), anchors, 1 / horizon)
    mixed = mixture.step_many(said, ys)[0][:, 0]
    made = [plain.step(row, target(y)) for row, y in zip(said[:, :, 0].astype(np.float64), ys, strict=True)]
    assert mixed == pytest.approx(np.array(made), rel=1e-4, abs=1e-4)


@given(seed=seeds)
def test_two_classes_are_mixed_as_a_binary_target_is(seed: int) -> None:
    said, ys = binary(np.random.default_rng(seed), 100, 4)
    said[:2] = 0
    ys[:2] = 0, 1
    said = np.clip(said, 0.01, 0.99)
    two = np.concatenate([1 - said, said], axis=2)
    two[0], two[1, :, 1] = 0, 0
    of_two, of_one = ClassMixture(4, classes=2), BinaryMixture(4)
    of_two.step_many(two[:2], ys[:2])
    assert of_two.step_many(two[2:], ys[2:])[0][:, 1] == pytest.approx(
        of_one.step_many(said[2:], ys[2:])[0][:, 0], abs=2e-4
    )
