"""Streams of members' predictions and targets, for every kind of mixture."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from streamer.learning.committee.mixing.binary import BinaryMixture
from streamer.learning.committee.mixing.mixture import Mixture
from streamer.samples import Floats

seeds = st.integers(0, 2**32 - 1)
cuts_of = st.lists(st.integers(0, 60), max_size=5)


class Stream(NamedTuple):
    """What members say (T, N, W), and the targets."""

    said: Floats
    ys: Floats

    def part(self, start: int, end: int) -> "Stream":
        return Stream(self.said[start:end], self.ys[start:end])


class Kind(NamedTuple):
    """How to make a mixture of N members, and a stream of T samples for it."""

    make: Callable[[int], Mixture]
    stream: Callable[[np.random.Generator, int, int], Stream]


def holes(rng: np.random.Generator, said: Floats, ys: Floats) -> Stream:
    """Some labels and members are missing; now and then all members are."""
    said[rng.random(said.shape[:2]) < 0.1] = np.nan
    said[rng.random(len(said)) < 0.03] = np.nan
    ys[rng.random(len(ys)) < 0.2] = np.nan
    return Stream(said, ys)


def binary(rng: np.random.Generator, count: int, members: int) -> Stream:
    ys = rng.integers(0, 2, count).astype(np.float32)
    right = np.abs(ys[:, None] - rng.beta(1, 3, (count, members)))
    wild = rng.choice([0.0, 1.0], (count, members))
    said = np.where(rng.random((count, members)) < 0.1, wild, right)
    return holes(rng, said[:, :, None].astype(np.float32), ys)


KINDS: dict[str, Kind] = {
    "binary": Kind(BinaryMixture, binary),
    "binary, 3 steps ahead": Kind(lambda members: BinaryMixture(members, horizon=3), binary),
}


def in_parts(mixture: Mixture, stream: Stream, cuts: list[int]) -> tuple[Floats, Floats]:
    """The mixed predictions and what was kept, the stream cut into blocks."""
    places = [0, *sorted(min(cut, len(stream.ys)) for cut in cuts), len(stream.ys)]
    made = [mixture.step_many(*stream.part(start, end)) for start, end in pairwise(places)]
    return np.concatenate([mixed for mixed, _ in made]), np.concatenate([kept for _, kept in made])
