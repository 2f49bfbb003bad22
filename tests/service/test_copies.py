"""A checkpoint is a copy: what is written in another thread is the stream as it was, whatever it learns meanwhile."""

import numpy as np
import pytest

from streamer.checkpoints.format import dump
from streamer.config.learner import LearnerSettings
from streamer.learning.learner import Learner
from streamer.learning.predictor import Frozen
from tests.checkpoints.golden_file import SETTINGS, streams
from tests.service.late import LateBits


@pytest.mark.parametrize("engine", ["fused", "reference"])
def test_learning_on_changes_no_bit_of_a_checkpoint_that_was_taken(engine: str) -> None:
    fresh = streams()
    stream, source = fresh.open("s"), LateBits()
    stream.predictor = Learner(SETTINGS, engine=engine)  # type: ignore[arg-type]
    stream.deliver(source.epoch, 0)
    for first in range(0, 300, 100):
        stream.accept(source.epoch, source.read(first, 50), 0.0)
        stream.learn(50)
        taken = stream.checkpoint(fresh.structure, fresh.build, 1e9)
        stream.durable.not_saved()
        before = dump(taken)
        stream.accept(source.epoch, source.read(first + 50, 50), 0.0)
        stream.learn(20)
        stream.deliveries[source.epoch].confirm(first + 30)
        stream.freeze(True)
        assert dump(taken) == before
        stream.freeze(False)
        stream.learn(30)


@pytest.mark.parametrize("engine", ["fused", "reference"])
def test_a_frozen_learner_advances_its_hidden_state_and_not_its_weights(engine: str) -> None:
    learner = Learner(LearnerSettings(hidden=4, truncation=2), engine=engine)  # type: ignore[arg-type]
    twin = Learner(LearnerSettings(hidden=4, truncation=2), engine=engine)  # type: ignore[arg-type]
    xs = (np.random.default_rng(0).random((40, 1)) < 0.5).astype(np.float32)
    ys = np.roll(xs[:, 0], 1)
    for each in (learner, twin):
        each.step_many(xs, ys)
    weights = {name: array for name, array in learner.export().items() if name.startswith("parameters.")}
    frozen = Frozen(learner)
    predictions = np.concatenate([frozen.step_many(xs[:7], ys[:7]), frozen.step_many(xs[7:], ys[7:])])
    assert np.array_equal(predictions, twin.step_many(xs, np.full(40, np.nan, np.float32)))
    assert learner.state_hash() == twin.state_hash()
    assert all(np.array_equal(learner.export()[name], array) for name, array in weights.items())
    assert (learner.counters()["samples"], learner.counters()["updates"]) == (80, 40)
    assert frozen.admits(np.array([0, 7], np.float32)).tolist() == [True, False]
