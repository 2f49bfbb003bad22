"""What every null model keeps."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from streamer.evaluation.nulls.forecast import TappedForecast
from streamer.evaluation.nulls.last_number import LastNumber
from streamer.evaluation.nulls.linear import TappedLinear
from streamer.evaluation.nulls.logistic import TappedLogistic
from streamer.evaluation.nulls.markov import Markov
from streamer.evaluation.nulls.moving_average import MovingAverage
from streamer.evaluation.nulls.null import NullModel, contexts_of
from streamer.evaluation.nulls.running_mean import RunningMean
from streamer.samples import Arrays
from tests.evaluation.nulls.streams import bits_of, cuts_of, floats, in_parts, inputs, same, seeds

MODELS: dict[str, Callable[[], NullModel]] = {
    "markov 0": lambda: Markov(order=0, classes=2, found=2),
    "markov 2": lambda: Markov(order=2, classes=3),
    "logistic": TappedLogistic,
    "mean": RunningMean,
    "last": LastNumber,
    "average": MovingAverage,
    "linear": TappedLinear,
    "forecast": lambda: TappedForecast((1, 4)),
}
NONE = np.empty((0, 2), np.float32)

each_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)


def bits(arrays: Arrays) -> dict[str, Any]:
    return {name: (array.dtype.str, array.shape, array.tobytes()) for name, array in arrays.items()}


@each_model
@given(ys=bits_of, cuts=cuts_of, seed=seeds)
def test_however_a_stream_is_cut_contexts_and_state_have_the_same_bits(
    make: Callable[[], NullModel], ys: list[float], cuts: list[int], seed: int
) -> None:
    xs, whole, cut = inputs(seed, len(ys)), make(), make()
    assert same(in_parts(cut, xs, floats(ys), cuts), contexts_of(whole, xs, floats(ys)))
    assert bits(cut.export()) == bits(whole.export())


@each_model
@given(ys=bits_of.filter(len), seed=seeds)
def test_a_prediction_is_made_before_its_target_is_known(
    make: Callable[[], NullModel], ys: list[float], seed: int
) -> None:
    model = make()
    known = 1 if isinstance(model, TappedForecast) else 0  # it predicts what is ahead of the target
    xs, other = inputs(seed, len(ys)), [*ys[: len(ys) - 1 + known], 1.0][: len(ys)]
    here, there = contexts_of(model, xs, floats(ys)), contexts_of(make(), xs, floats(other))
    assert same(here[:, : model.width], there[:, : model.width])


@each_model
@given(before=bits_of, after=bits_of, seed=seeds)
def test_it_goes_on_where_its_export_left_it(
    make: Callable[[], NullModel], before: list[float], after: list[float], seed: int
) -> None:
    first, second = make(), make()
    contexts_of(first, inputs(seed, len(before)), floats(before))
    second.load(first.export())
    xs = inputs(seed + 1, len(after))
    assert same(contexts_of(second, xs, floats(after)), contexts_of(first, xs, floats(after)))
    assert bits(second.export()) == bits(first.export())


@each_model
@given(ys=bits_of, late=bits_of, seed=seeds)
def test_late_labels_one_by_one_or_together_leave_the_same_state(
    make: Callable[[], NullModel], ys: list[float], late: list[float], seed: int
) -> None:
    known = [y for y in late if y == y][: len(ys)]
    together, apart = make(), make()
    for model in (together, apart):
        contexts = contexts_of(model, inputs(seed, len(ys)), floats([float("nan")] * len(ys)))
    together.label(contexts[: len(known)].copy(), 0, floats(known))
    for at in range(len(known)):
        apart.label(contexts[at : at + 1].copy(), 0, floats(known[at : at + 1]))
    assert bits(together.export()) == bits(apart.export())


@each_model
def test_it_writes_into_its_own_columns_only(make: Callable[[], NullModel]) -> None:
    model, ys = make(), np.ones(5, np.float32)
    size = model.begin(2)
    contexts = np.full((5, size + 4), 7, np.float32)
    model.step_many(inputs(0, 5), ys, contexts, 3)
    assert same(contexts[:, 3 : 3 + size], contexts_of(make(), inputs(0, 5), ys))
    assert set(np.delete(contexts, np.arange(3, 3 + size), axis=1).ravel().tolist()) == {7.0}


@each_model
def test_an_export_is_a_copy(make: Callable[[], NullModel]) -> None:
    model = make()
    contexts_of(model, inputs(0, 9), np.ones(9, np.float32))
    exported = model.export()
    before = bits(exported)
    contexts_of(model, inputs(1, 9), np.zeros(9, np.float32))
    assert bits(exported) == before


@each_model
def test_a_block_of_nothing_changes_nothing(make: Callable[[], NullModel]) -> None:
    model = make()
    contexts_of(model, inputs(0, 9), np.ones(9, np.float32))
    before = bits(model.export())
    assert len(contexts_of(model, NONE, np.empty(0, np.float32))) == 0
    model.label(np.empty((0, model.begin(2)), np.float32), 0, np.empty(0, np.float32))
    assert bits(model.export()) == before
