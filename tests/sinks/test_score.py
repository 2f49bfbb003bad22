"""The running score of predictions that go by."""

import numpy as np

from streamer.sinks.score import RunningScore
from streamer.sinks.sink import Predicted


def words(rows: list[list[float]], targets: list[float], *classes: float, horizons: tuple[int, ...] = ()) -> str:
    score = RunningScore()
    score.write(Predicted(0, np.array(rows, np.float32), np.array(targets, np.float32), classes, {}, horizons))
    return score.words


def test_it_is_the_share_that_is_right_or_the_mean_error_of_values() -> None:
    nan = float("nan")
    assert words([[0.9], [0.9], [0.1], [nan]], [1, 0, nan, 1]) == "accuracy 50.0 %"
    assert words([[0.9, 0.1, 0], [0.9, 0.1, 0]], [7, 8], 7.0, 8.0) == "accuracy 50.0 %"
    assert words([[2, 0, 5], [3, 0, 5]], [2, 5]) == "mean error 1"
    assert words([[2, 0, 5]], [2], horizons=(1,)) == ""
    assert words([[0.5]], [nan]) == ""
