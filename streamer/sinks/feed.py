"""Predictions for anyone to watch: one message each, the stream's name as topic, then JSON.

{"stream": "s", "number": 17, "target": 1.0, "probability": 0.93}
"""

import json
from collections.abc import Callable

from streamer.sinks.reading import fields_of
from streamer.sinks.sink import Predicted

Publish = Callable[[tuple[bytes, ...]], None]
"""Takes a message's parts; may lose it."""


class PredictionFeed:
    """The predictions of one stream as messages; each number once, for as long as the process lives."""

    def __init__(self, stream: str, publish: Publish) -> None:
        self._stream = stream
        self._publish = publish
        self.next = 0

    def write(self, predicted: Predicted) -> None:
        """Publish those that have not been."""
        predicted = predicted.since(self.next)
        for fields in fields_of(predicted):
            message = json.dumps({"stream": self._stream, **fields}, ensure_ascii=False)
            self._publish((self._stream.encode(), message.encode()))
        self.next = max(self.next, predicted.first + len(predicted))

    def close(self) -> None:
        """Nothing: the socket is somebody else's."""
