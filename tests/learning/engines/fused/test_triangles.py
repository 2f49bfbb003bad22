from typing import Any

import numpy as np
import pytest
from numba import njit, types

from streamer.learning.engines.fused.net import NetType, filled, store
from streamer.learning.engines.fused.triangles import shrink, times
from tests.learning.engines.fused.test_vector import Plain

LANES = 4
ORDERS = pytest.mark.parametrize("n", [1, 2, 3, 6])


def multiplied(net: Any, n: int, size: int) -> None:
    store(net, size + 2 * n * net.lanes, times(net, 0, size, size + n * net.lanes, n))


def shrunk(net: Any, n: int, size: int) -> None:
    shrink(net, 0, size, n, filled(net, 0.5), 0.25, 3.0)


def on(function: Any, matrices: Any, vectors: Any) -> Any:
    """The function's work on triangles side by side and vectors behind them; rows of a number for each lane."""
    lanes, n, _ = matrices.shape
    triangles = matrices[:, *np.tril_indices(n)].T
    buffer = np.concatenate([triangles, vectors.T, np.full((n + 2, lanes), np.nan)]).astype(np.float32)
    dispatcher = njit(error_model="numpy")(function)
    signature = (NetType(Plain(lanes)), types.int64, types.int64)
    dispatcher.compile(signature)
    dispatcher.overloads[signature].entry_point(buffer.ctypes.data, n, triangles.size)
    return buffer, len(triangles)


def drawn(n: int) -> Any:
    rng = np.random.default_rng(n)
    halves = rng.standard_normal((LANES, n, n))
    return halves + halves.transpose(0, 2, 1), rng.standard_normal((LANES, n))


@ORDERS
def test_a_triangle_multiplies_as_the_symmetric_matrix_that_it_stands_for(n: int) -> None:
    matrices, x = drawn(n)
    rows, size = on(multiplied, matrices, x)
    product = np.einsum("lij,lj->li", matrices, x)
    assert pytest.approx(product, abs=1e-5) == rows[size + n : size + 2 * n].T
    assert rows[size + 2 * n] == pytest.approx((x * product).sum(1), abs=1e-5)


@ORDERS
def test_a_triangle_shrinks_along_a_vector_and_its_diagonal_grows_to_the_limit(n: int) -> None:
    matrices, u = drawn(n)
    rows, size = on(shrunk, matrices, u)
    expected = matrices - 0.5 * u[:, :, None] * u[:, None, :]
    diagonal = np.einsum("lii->li", expected)
    diagonal[:] = np.minimum(diagonal + 0.25, 3)
    assert pytest.approx(expected[:, *np.tril_indices(n)], abs=1e-5) == rows[:size].T


def test_an_entry_that_is_zero_changes_no_bit_of_the_others() -> None:
    matrices, x = drawn(5)
    wide = np.tile(np.eye(7), (LANES, 1, 1))
    places = np.array([0, 2, 3, 5, 6])
    wide[:, places[:, None], places] = matrices
    longer = np.zeros((LANES, 7))
    longer[:, places] = x
    narrow_rows, narrow_size = on(multiplied, matrices, x)
    wide_rows, wide_size = on(multiplied, wide, longer)
    np.testing.assert_array_equal(
        wide_rows[wide_size + 7 : wide_size + 14][places], narrow_rows[narrow_size + 5 : narrow_size + 10]
    )
    np.testing.assert_array_equal(wide_rows[wide_size + 14], narrow_rows[narrow_size + 10])
