"""Who hears each prediction as soon as it is made, without being waited for."""

from typing import Protocol

from streamer.learning.predictor import Predictor
from streamer.samples import Block, Floats


class Audience(Protocol):
    """Hears what becomes of each block."""

    def hear(self, stream: str, predictor: Predictor, block: Block, predictions: Floats) -> None:
        """The predictions of a block's events, (T,) or (T, W); NaN for a rejected sample and for a label."""
        ...


class Nobody:
    """Does not listen."""

    def hear(self, stream: str, predictor: Predictor, block: Block, predictions: Floats) -> None:
        """Nothing."""
