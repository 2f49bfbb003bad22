"""Streams of members' predictions and targets, for every kind of mixture."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from streamer.learning.committee.mixing.binary import BinaryMixture
from streamer.learning.committee.mixing.classes import ClassMixture
from streamer.learning.committee.mixing.mixture import Mixture
from streamer.learning.committee.mixing.numbers import NumberMixture
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


CLASSES = 3


def classes(rng: np.random.Generator, count: int, members: int) -> Stream:
    """Places are found in their order; a member knows of those found before."""
    places = rng.integers(0, CLASSES, count)
    places[:1] = 0
    found = np.zeros(count, np.int64)
    for t in range(1, count):
        found[t] = max(found[t - 1], places[t - 1] + 1)
        places[t] = min(places[t], found[t])
    said = rng.dirichlet(np.full(CLASSES, 0.3), (count, members))
    said[np.arange(count), :, places] += rng.integers(0, 2, (count, members))
    said[np.arange(CLASSES) >= found[:, None, None].repeat(members, axis=1)] = 0
    total = said.sum(axis=2, keepdims=True)
    said = np.divide(said, total, out=said, where=total > 0).astype(np.float32)
    ys = places.astype(np.float32)
    said[rng.random(said.shape[:2]) < 0.1] = np.nan
    ys[rng.random(count) < 0.2 * (found == CLASSES)] = np.nan
    return Stream(said, ys)


def numbers(rng: np.random.Generator, count: int, members: int) -> Stream:
    level = rng.normal(0, 30) + np.cumsum(rng.standard_t(2, count))
    noise = rng.standard_t(3, (count, members, 1)) * rng.uniform(0.3, 3, (members, 1))
    said = (level[:, None, None] + noise).astype(np.float32)
    said[rng.random(said.shape[:2]) < 0.02] *= np.float32(1e30)
    ys = (level + rng.normal(0, 0.2, count)).astype(np.float32)
    made = holes(rng, said, ys)
    made.ys[rng.random(count) < 0.1] = np.nan
    return made


KINDS: dict[str, Kind] = {
    "binary": Kind(BinaryMixture, binary),
    "binary, 3 steps ahead": Kind(lambda members: BinaryMixture(members, horizon=3), binary),
    "classes": Kind(lambda members: ClassMixture(members, classes=CLASSES), classes),
    "numbers": Kind(lambda members: NumberMixture(members, anchors=(0,)), numbers),
    "numbers, 4 steps ahead": Kind(lambda members: NumberMixture(members, horizon=4), numbers),
}


def in_parts(mixture: Mixture, stream: Stream, cuts: list[int]) -> tuple[Floats, Floats]:
    """The mixed predictions and what was kept, the stream cut into blocks."""
    places = [0, *sorted(min(cut, len(stream.ys)) for cut in cuts), len(stream.ys)]
    made = [mixture.step_many(*stream.part(start, end)) for start, end in pairwise(places)]
    return np.concatenate([mixed for mixed, _ in made]), np.concatenate([kept for _, kept in made])
