"""Random bits that can be drawn from any place: the ground under the synthetic streams."""

from functools import lru_cache

import numpy as np

from streamer.samples import Floats

CHUNK = 4096
"""Bits drawn from one generator. Each chunk has its own, seeded by its number, so that any place is reached at once."""


def random_bits(seed: int | tuple[int, ...], probability: float, start: int, end: int) -> Floats:
    """Bits start ≤ t < end, each 1 with a probability; 0 before the first one.

    >>> random_bits(0, 0.25, -2, 14).astype(int).tolist()
    [0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]
    """
    before = np.zeros(max(0, min(end, 0) - start), np.float32)
    start, end = max(0, start), max(0, end)
    first = start // CHUNK
    chunks = [_chunk(seed, probability, number) for number in range(first, -(-end // CHUNK))]
    drawn = np.concatenate([np.empty(0, np.float32), *chunks])
    return np.concatenate([before, drawn[start - first * CHUNK : end - first * CHUNK]])


@lru_cache(maxsize=16)
def _chunk(seed: int | tuple[int, ...], probability: float, number: int) -> Floats:
    words = [seed] if isinstance(seed, int) else list(seed)
    draws = np.random.default_rng([*words, number]).random(CHUNK)
    return (draws < probability).astype(np.float32)
