"""Streams for null models, and their models run over them in parts."""

from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from streamer.evaluation.nulls.null import NullModel, contexts_of
from streamer.samples import Floats

LONGEST = 60

cuts_of = st.lists(st.integers(0, LONGEST), max_size=6)
seeds = st.integers(0, 2**32)
numbers_of = st.lists(
    st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6, width=32), st.sampled_from([0.0, 1.0])), max_size=LONGEST
)
places_of = st.lists(st.sampled_from([0.0, 1.0, 2.0, float("nan")]), max_size=LONGEST)
bits_of = st.lists(st.sampled_from([0.0, 1.0, float("nan")]), max_size=LONGEST)


def floats(values: list[float]) -> Floats:
    return np.array(values, np.float32)


def inputs(seed: int, count: int, columns: int = 2) -> Floats:
    """Rows of which a tenth of the values are missing."""
    rng = np.random.default_rng(seed)
    xs = rng.normal(3, 10, (count, columns)).astype(np.float32)
    xs[rng.random(xs.shape) < 0.1] = np.nan
    return xs


def in_parts(model: NullModel, xs: Floats, ys: Floats, cuts: list[int]) -> Floats:
    """All contexts, made block by block."""
    places = [0, *sorted(min(cut, len(ys)) for cut in cuts), len(ys)]
    parts = [contexts_of(model, xs[start:end], ys[start:end]) for start, end in pairwise(places)]
    return np.concatenate(parts)


def same(one: Floats, other: Floats) -> bool:
    """Whether two arrays have the same bits."""
    return (one.shape, one.tobytes()) == (other.shape, other.tobytes())
