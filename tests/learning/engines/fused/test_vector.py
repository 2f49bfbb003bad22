from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numba import njit, types

from streamer.learning.engines.fused.activations import sigmoid, tanh
from streamer.learning.engines.fused.net import NetType, load, put, store
from streamer.learning.engines.fused.transpose import transpose_tile
from streamer.learning.engines.fused.vector import fma, sqrt, total

LANES = pytest.mark.parametrize("lanes", [4, 8, 16])


@dataclass(frozen=True)
class Plain:
    """A net of nothing but numbers."""

    lanes: int
    digest: str = "plain"
    pieces: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def constants(self) -> Any:
        return {"lanes": self.lanes}


def compiled(function: Callable[..., Any], lanes: int) -> Any:
    dispatcher = njit(error_model="numpy")(function)
    signature = (NetType(Plain(lanes)), types.int64)
    dispatcher.compile(signature)
    return dispatcher.overloads[signature].entry_point


def applied(function: Callable[..., Any], lanes: int, numbers: Any) -> Any:
    """The function's work on a buffer that begins with these numbers."""
    buffer = np.zeros(-(-len(numbers) // lanes) * lanes + lanes * lanes, np.float32)
    buffer[: len(numbers)] = numbers
    compiled(function, lanes)(buffer.ctypes.data, len(numbers))
    return buffer


def arithmetic(net: Any, count: int) -> Any:
    a, b = load(net, 0), load(net, net.lanes)
    store(net, 0, fma(a, b, 2.0) + (1.0 - a) * b / (sqrt(b) - 0.5))


def sums(net: Any, count: int) -> Any:
    put(net, 0, total(load(net, 0)))


def each_tanh(net: Any, count: int) -> Any:
    for i in range(0, count, net.lanes):
        store(net, i, tanh(load(net, i)))


def each_sigmoid(net: Any, count: int) -> Any:
    for i in range(0, count, net.lanes):
        store(net, i, sigmoid(load(net, i)))


def transposition(net: Any, count: int) -> Any:
    transpose_tile(net, 0, net.lanes, 0, net.lanes)


@LANES
def test_operators_do_to_lanes_what_they_do_to_numbers(lanes: int) -> None:
    a, b = np.random.default_rng(0).uniform(1, 2, (2, lanes)).astype(np.float32)
    found = applied(arithmetic, lanes, np.concatenate([a, b]))[:lanes]
    np.testing.assert_allclose(found, a * b + 2 + (1 - a) * b / (np.sqrt(b) - 0.5), rtol=1e-6)


@LANES
def test_a_total_adds_halves_so_that_its_order_is_known(lanes: int) -> None:
    numbers = np.random.default_rng(0).standard_normal(lanes).astype(np.float32)
    halves = numbers
    while len(halves) > 1:
        halves = halves[: len(halves) // 2] + halves[len(halves) // 2 :]
    assert applied(sums, lanes, numbers)[0] == halves[0]


@LANES
def test_a_tile_transposed_is_its_transpose(lanes: int) -> None:
    tile = np.arange(lanes * lanes, dtype=np.float32)
    found = applied(transposition, lanes, tile)[: lanes * lanes]
    np.testing.assert_array_equal(found.reshape(lanes, lanes), tile.reshape(lanes, lanes).T)


def test_tanh_and_sigmoid_are_exact_to_rounding_over_the_whole_range() -> None:
    a = np.concatenate([np.linspace(-20, 20, 200_001), np.geomspace(1e-30, 1e6, 10_000)]).astype(np.float32)
    exact = np.tanh(a.astype(np.float64))
    assert np.abs(applied(each_tanh, 8, a)[: len(a)] - exact).max() < 3e-7
    assert np.abs(applied(each_sigmoid, 8, a)[: len(a)] - (0.5 + 0.5 * np.tanh(a / 2.0))).max() < 3e-7


def test_activations_stay_in_their_range_at_the_ends() -> None:
    ends = np.array([-np.inf, -3e38, 3e38, np.inf], np.float32)
    assert np.abs(applied(each_tanh, 4, ends)[:4]).max() <= 1
    found = applied(each_sigmoid, 4, ends)[:4]
    assert found.min() >= 0
    assert found.max() <= 1


@pytest.mark.parametrize("function", [each_tanh, each_sigmoid])
def test_nan_is_not_hidden_by_the_clamp(function: Callable[..., Any]) -> None:
    assert np.isnan(applied(function, 4, np.full(4, np.nan))[:4]).all()
