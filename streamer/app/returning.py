"""Predictions on their way from a feed to sinks, each beside the target that it was for."""

from collections.abc import Mapping, Sequence

import numpy as np

from streamer.client.feed import Feed
from streamer.client.log import Log
from streamer.client.recall import Recall
from streamer.samples import Block, Floats
from streamer.sinks.sink import Predicted, Sink


class Returning:
    """What a feed calls with predictions; `texts` names the target's classes by the numbers that they travel as."""

    def __init__(self, log: Log, sinks: Sequence[Sink], texts: Mapping[float, str] | None = None) -> None:
        self._log = log
        self._sinks = sinks
        self._texts = {} if texts is None else texts
        self._recall = Recall(log)
        self.feed: Feed | None = None

    def sent(self, block: Block) -> None:
        """A block goes to the daemon."""
        self._recall.note(block)

    def deliver(self, first: int, predictions: Floats) -> None:
        """Predictions (T,) or (T, W) have come."""
        rows = predictions.reshape(len(predictions), -1)
        classes = self.feed.classes if self.feed is not None else ()
        predicted = self._predicted(first, rows, self._recall.take(first, len(rows)), classes)
        for sink in self._sinks:
            sink.write(predicted)

    def targets(self, first: int, count: int) -> Predicted:
        """The log's own targets from a number on, with no predictions."""
        targets = self._log.read(first, count).targets
        return self._predicted(first, np.full((len(targets), 1), np.nan, np.float32), targets, ())

    def _predicted(self, first: int, rows: Floats, targets: Floats, classes: tuple[float, ...]) -> Predicted:
        return Predicted(first, rows, targets, classes, self._texts, self._log.schema.horizons)
