"""Predictions that anyone may watch."""

import json

import numpy as np

from streamer.sinks.feed import PredictionFeed
from streamer.sinks.sink import Predicted


def test_each_prediction_is_a_message_of_its_own_once() -> None:
    sent: list[tuple[bytes, ...]] = []
    feed = PredictionFeed("doors", sent.append)
    rows = np.array([[0.25], [0.5], [0.75]], np.float32)
    targets = np.array([0, 1, np.nan], np.float32)
    feed.write(Predicted(7, rows[:2], targets[:2]))
    feed.write(Predicted(7, rows, targets))
    assert {topic for topic, _ in sent} == {b"doors"}
    assert [json.loads(message) for _, message in sent] == [
        {"stream": "doors", "number": 7, "target": 0.0, "probability": 0.25},
        {"stream": "doors", "number": 8, "target": 1.0, "probability": 0.5},
        {"stream": "doors", "number": 9, "target": None, "probability": 0.75},
    ]
    assert feed.next == 10
