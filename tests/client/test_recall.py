"""Targets are there when their predictions come, and no longer."""

import numpy as np

from streamer.client.log import BufferLog, ReplayLog
from streamer.client.recall import Recall
from streamer.sources.arrays import ArraySource

YS = np.random.default_rng(0).random(50).astype(np.float32)
SOURCE = ArraySource(np.zeros((50, 1)), YS)


def test_what_was_sent_is_told_once_its_prediction_comes_though_it_was_sent_again() -> None:
    recall = Recall(ReplayLog(SOURCE))
    recall.note(SOURCE.read(0, 20))
    assert recall.take(0, 10).tolist() == YS[:10].tolist()
    recall.note(SOURCE.read(5, 25))
    assert recall.take(10, 20).tolist() == YS[10:30].tolist()
    assert recall.held == 0


def test_what_a_producer_before_this_one_sent_is_read_again() -> None:
    recall = Recall(ReplayLog(SOURCE))
    recall.note(SOURCE.read(20, 10))
    assert recall.take(10, 15).tolist() == YS[10:25].tolist()


def test_what_nobody_has_any_more_has_no_target() -> None:
    log = BufferLog(1, 4)
    for y in (1.0, 0.0, 1.0):
        log.append([0.0], y)
    log.forget(3)
    assert np.isnan(Recall(log).take(0, 2)).all()
