"""Labels that come after their samples, through a whole daemon."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.client.feed import Plan
from streamer.samples import A_SAMPLE, Block
from streamer.sources.arrays import ArraySource
from streamer.wire.frames import decode, encode, encode_block
from streamer.wire.messages import Data, Welcome
from tests.service.late import LateBits
from tests.service.world import Producer, World

EPOCH = LateBits.epoch


def finished(world: World, samples: int = 300, batch: int = 7) -> Producer:
    producer = Producer(world, LateBits(), Plan("s", batch=batch, samples=samples))
    world.run(producer)
    return producer


def test_every_event_is_accounted_for() -> None:
    world = World()
    finished(world, 300)
    record = world.record()
    assert record.outcomes["duplicate"] == 0
    assert sum(record.outcomes.values()) == 300
    assert record.outcomes["unlabelled"] == 120
    assert record.rejected.keys() == {"label_unknown", "label_late"}
    assert record.predictions == record.outcomes["learned"]


def test_a_late_label_is_scored_against_the_prediction_that_was_made_for_its_sample() -> None:
    xs, ys = np.array([[0], [1], [1]], np.float32), np.array([1, 0, 1], np.float32)
    at_once, late = World(), World()
    at_once.run(Producer(at_once, ArraySource(xs, np.array([np.nan, np.nan, np.nan])), Plan("s")))
    events = Block(
        0,
        np.concatenate([xs, np.zeros((3, 1), np.float32)]),
        np.concatenate([np.full(3, np.nan, np.float32), ys]),
        np.array([-1, -1, -1, 0, 1, 2]),
    )
    predictions = []

    class Log(LateBits):
        length = 6

        def read(self, first: int, count: int) -> Block:
            return events.since(first).head(count)

    producer = Producer(late, Log(), Plan("s"))
    producer.feed._deliver = lambda _, fresh: predictions.extend(fresh.tolist())
    late.run(producer)
    right = sum((p > 0.5) == bool(y) for p, y in zip(predictions[:3], ys, strict=True))
    assert (late.record().predictions, late.record().correct) == (3, right)
    assert np.isnan(predictions[3:]).all()


@settings(max_examples=30)
@given(batch=st.integers(1, 64), window=st.sampled_from([5, 16, 64, 200]), seed=st.integers(0, 3))
def test_however_the_log_is_cut_the_state_is_the_same(batch: int, window: int, seed: int) -> None:
    one, other = World(), World(window=window)
    for world, size in ((one, 64), (other, batch)):
        world.run(Producer(world, LateBits(seed), Plan("s", batch=size, samples=150)))
    assert one.state_hash() == other.state_hash()


def test_a_daemon_that_is_killed_goes_on_with_the_labels_that_it_waited_for() -> None:
    undisturbed = World()
    finished(undisturbed)
    world = World(interval_seconds=0.1)
    producer = Producer(world, LateBits(), Plan("s", batch=7, samples=300))
    for turn in range(2000):
        if producer.done:
            break
        world.turn(producer)
        if turn % 9 == 8:
            world.kill()
    assert world.state_hash() == undisturbed.state_hash()
    assert world.loop.streams.existing("s").awaited[EPOCH].count(300) > 0


def test_a_smaller_horizon_refuses_more_and_the_state_says_so() -> None:
    strict, lenient = World(label_horizon=1), World(label_horizon=60)
    finished(strict)
    finished(lenient)
    assert strict.record().rejected["label_late"] > lenient.record().rejected.get("label_late", 0)
    assert strict.state_hash() != lenient.state_hash()


@pytest.mark.parametrize("target", [np.nan, np.inf, 0.5, -1])
def test_a_label_that_is_none_consumes_its_number_and_leaves_its_sample_waiting(target: float) -> None:
    world = World()
    producer = Producer(world, LateBits(), Plan("s", samples=2))
    world.turn(producer)
    world.turn(producer)
    block = Block(2, np.zeros((2, 1), np.float32), np.array([target, 1], np.float32), np.array([1, 1]))
    producer.connection.send(encode_block(producer.feed._session, block))
    world.turn()
    assert world.record().next_sequence == 4
    assert world.record().rejected == {"target": 1}
    assert world.record().outcomes["learned"] == 2


def test_a_frame_whose_labels_cannot_be_is_asked_for_again() -> None:
    world = World()
    producer = Producer(world, LateBits(), Plan("s", samples=2))
    world.turn(producer)
    frame = encode(Data(producer.feed._session, 2, 1, 1, 1), np.array([5, 0, 9, 0], "<u4").tobytes())
    producer.connection.send(frame)
    world.turn()
    assert world.loop.reception.refused_frames["labels"] == 1


def test_the_helper_source_gives_what_its_docstring_says() -> None:
    block = LateBits().read(0, 100)
    assert block.of is not None
    assert block.of[:10].tolist() == [A_SAMPLE, A_SAMPLE, 1, A_SAMPLE, 3, A_SAMPLE, A_SAMPLE, 6, A_SAMPLE, 0]
    assert isinstance(decode(encode_block(1, block))[0], Data)
    assert not isinstance(decode(encode_block(1, block))[0], Welcome)
