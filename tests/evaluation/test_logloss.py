import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.evaluation.logloss import SMALLEST, LogLoss, log_loss
from streamer.samples import Floats

Pairs = list[tuple[float, int]]
pairs = st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 1)), max_size=60)


def arrays(samples: Pairs) -> tuple[Floats, Floats]:
    predictions, targets = ([p for p, _ in samples], [y for _, y in samples])
    return np.array(predictions, np.float32), np.array(targets, np.float32)


def plain(prediction: float, target: int) -> float:
    given = prediction if target else 1 - prediction
    return -math.log2(min(max(given, 2**-24), 1 - 2**-24))


@given(samples=pairs)
def test_each_loss_is_minus_the_logarithm_of_the_probability_given_to_the_target(samples: Pairs) -> None:
    assert log_loss(*arrays(samples)).tolist() == pytest.approx([plain(*sample) for sample in samples], abs=1e-12)


@given(samples=pairs.filter(len), window=st.integers(1, 20))
def test_the_means_are_over_all_samples_and_over_the_window(samples: Pairs, window: int) -> None:
    loss = LogLoss(window=window)
    loss.update(*arrays(samples))
    losses = [plain(*sample) for sample in samples]
    assert loss.total == pytest.approx(sum(losses))
    assert loss.overall == pytest.approx(sum(losses) / len(losses))
    assert loss.windowed == pytest.approx(sum(losses[-window:]) / len(losses[-window:]))


@given(samples=pairs)
def test_the_total_is_added_in_order_one_sample_at_a_time(samples: Pairs) -> None:
    loss = LogLoss(window=5)
    loss.update(*arrays(samples))
    total = 0.0
    for one in log_loss(*arrays(samples)).tolist():
        total += one
    assert loss.total == total


@given(samples=pairs, cuts=st.lists(st.integers(0, 60), max_size=8), window=st.integers(1, 20))
def test_however_the_samples_are_cut_the_state_has_the_same_bits(samples: Pairs, cuts: list[int], window: int) -> None:
    whole, cut = LogLoss(window=window), LogLoss(window=window)
    predictions, targets = arrays(samples)
    whole.update(predictions, targets)
    places = sorted(min(place, len(samples)) for place in cuts)
    for part, labels in zip(np.split(predictions, places), np.split(targets, places), strict=True):
        cut.update(part, labels)
    assert {name: array.tobytes() for name, array in cut.export().items()} == {
        name: array.tobytes() for name, array in whole.export().items()
    }
    assert whole.windowed == cut.windowed or not samples


@pytest.mark.parametrize(("prediction", "target"), [(0.0, 1), (1.0, 0)])
def test_a_sure_and_wrong_prediction_costs_24_bits_and_not_infinitely_many(prediction: float, target: int) -> None:
    assert log_loss(*arrays([(prediction, target)])).tolist() == [24.0]


def test_a_sure_and_right_prediction_costs_next_to_nothing_but_never_less() -> None:
    assert 0 < float(log_loss(*arrays([(1.0, 1)]))[0]) < 2 * SMALLEST


def test_before_the_first_sample_there_is_no_loss() -> None:
    loss = LogLoss(window=3)
    loss.update(*arrays([]))
    assert math.isnan(loss.overall)
    assert math.isnan(loss.windowed)
    assert loss.total == 0
