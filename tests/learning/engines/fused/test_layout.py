from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.learning.engines.fused.layout import Field, Sizes

FIELDS = [((3, 5, 2), (2, 0, 1)), ((3, 5), (0, 1)), ((5,), (0,)), ((), ()), ((3, 16, 4), (2, 0, 1)), ((16,), (0,))]


def placed(shape: tuple[int, ...], axes: tuple[int, ...], lead: tuple[int, ...] = ()) -> Any:
    """A public array with leading axes, its field and the place it is stored in."""
    sizes, field = Sizes(8, 2, 2, 5, 4, 0), Field("p", shape, axes)
    array = np.random.default_rng(0).standard_normal((*lead, *shape)).astype(np.float32)
    place = np.full((*lead, field.count(sizes)), np.nan, np.float32)
    field.store(array, place, sizes)
    return array, field, place, sizes


@pytest.mark.parametrize(("shape", "axes"), FIELDS)
@pytest.mark.parametrize("lead", [(), (7,)])
def test_what_is_stored_comes_back(shape: tuple[int, ...], axes: tuple[int, ...], lead: tuple[int, ...]) -> None:
    array, field, place, sizes = placed(shape, axes, lead)
    np.testing.assert_array_equal(field.public(place, sizes), array)


@pytest.mark.parametrize(("shape", "axes"), FIELDS)
def test_padding_is_zero(shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
    array, _, place, _ = placed(shape, axes)
    assert np.count_nonzero(place) == np.count_nonzero(array)


@pytest.mark.parametrize(("shape", "axes"), FIELDS)
def test_a_public_array_is_a_copy_also_where_nothing_is_padded(shape: tuple[int, ...], axes: tuple[int, ...]) -> None:
    array, field, place, sizes = placed(shape, axes)
    public = field.public(place, sizes)
    place[...] = 0
    np.testing.assert_array_equal(public, array)


@given(st.integers(1, 300), st.sampled_from([4, 8, 16]))
def test_padding_adds_less_than_a_vector(count: int, lanes: int) -> None:
    padded = Sizes(lanes, 1, 1, 1, 1, 0).padded(count)
    assert padded % lanes == 0
    assert 0 <= padded - count < lanes
