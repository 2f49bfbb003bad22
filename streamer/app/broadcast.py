"""Predictions on a PUB socket, for anyone to watch."""

import numpy as np

from streamer.learning.predictor import Predictor
from streamer.samples import Block, Floats
from streamer.sinks.feed import PredictionFeed, Publish
from streamer.sinks.sink import Predicted


class Broadcast:
    """Publishes each sample's prediction, under its number in its log; those of rejected samples are left out."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish

    def hear(self, stream: str, predictor: Predictor, block: Block, predictions: Floats) -> None:
        """The predictions of a block's events."""
        feed = PredictionFeed(stream, self._publish)
        known = ~np.isnan(predictions if predictions.ndim == 1 else predictions[:, 0])
        for first, end in _runs(known):
            part = slice(first, end)
            feed.write(
                Predicted(
                    block.first + first,
                    predictions[part].reshape(end - first, -1),
                    block.targets[part],
                    predictor.classes,
                    horizons=predictor.schema.horizons,
                )
            )


def _runs(known: np.ndarray) -> list[tuple[int, int]]:
    """Where the true places begin and end.

    >>> _runs(np.array([True, False, True, True]))
    [(0, 1), (2, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
