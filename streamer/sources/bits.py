"""The seed's puzzle: random bits, and as target the inverse of the bit `lag` steps before.

    x_t ~ Bernoulli(p),   y_t = 1 − x_{t−lag},   with x before the first sample 0

With lag 1, p = 1/4, a constant prediction is right 75 % of the time, and only memory does better.
"""

import hashlib
from dataclasses import dataclass

from streamer.errors import Fault, SettingsError
from streamer.samples import Block
from streamer.sources.randombits import random_bits

_DEFINITION = "bits/1"  # to be counted up if the same options should ever give other samples


@dataclass(frozen=True, slots=True)
class BitSource:
    """An endless stream of bits.

    >>> block = BitSource(seed=0).read(10, 6)
    >>> block.inputs[:, 0].astype(int).tolist(), block.targets.astype(int).tolist()
    ([0, 1, 0, 1, 0, 1], [1, 1, 0, 1, 0, 1])
    """

    seed: int = 0
    probability: float = 0.25
    lag: int = 1

    inputs = 1
    length = None

    def __post_init__(self) -> None:
        if self.lag < 0:
            raise SettingsError([Fault("lag", f"got {self.lag}, out of range", "give at least 0")])
        if not 0 <= self.probability <= 1:
            raise SettingsError([Fault("probability", f"got {self.probability}, out of range", "give 0 to 1")])

    @property
    def epoch(self) -> str:
        """A hash of the options."""
        definition = f"{_DEFINITION} seed={self.seed} probability={float(self.probability)!r} lag={self.lag}"
        return hashlib.sha256(definition.encode()).hexdigest()[:32]

    def read(self, first: int, count: int) -> Block:
        """Any range of the stream."""
        bits = random_bits(self.seed, self.probability, first - self.lag, first + count)
        targets = 1 - bits[: len(bits) - self.lag]
        return Block(first, bits[self.lag :, None], targets)
