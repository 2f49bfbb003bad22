"""A program's own samples, one by one, against a whole daemon in the same thread."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from streamer.client.producer import Producer
from streamer.errors import SampleError, UnavailableError
from streamer.filesystem.memory import MemoryFileSystem
from streamer.sources.bits import BitSource
from streamer.transport.memory import MemoryConnection
from streamer.transport.seam import Parts
from streamer.wire.frames import decode
from streamer.wire.messages import Message, Predictions
from tests.service.world import TURN_SECONDS, HashChain, World

BLOCK = BitSource(seed=1).read(0, 300)
XS, YS = BLOCK.inputs[:, 0].tolist(), BLOCK.targets.tolist()
EXPECTED = HashChain().step_many(BLOCK.inputs, BLOCK.targets).tolist()


class Driven:
    """A connection whose daemon takes a turn whenever the producer looks."""

    def __init__(
        self,
        world: World,
        disturb: Callable[[World], None] = lambda world: None,
        arrives: Callable[[Message], bool] = lambda message: True,
    ) -> None:
        self._arrives = arrives
        self._world = world
        self._inner: MemoryConnection = world.listener.connect()
        self._disturb = disturb

    def receive(self, timeout_seconds: float) -> list[Parts]:
        self._disturb(self._world)
        self._world.daemon.turn()
        self._world.clock.advance(TURN_SECONDS)
        return [parts for parts in self._inner.receive(0) if self._arrives(decode(parts)[0])]

    def send(self, parts: Parts) -> bool:
        return self._inner.send(parts)

    def obstacle(self, now: float) -> str:
        return self._inner.obstacle(now)

    def close(self) -> None:
        self._inner.close()


def producer_of(world: World, buffer: int = 64, timeout: float | None = 60.0, **options) -> Producer:
    return Producer(
        "memory://",
        stream="s",
        buffer=buffer,
        timeout_seconds=timeout,
        connect=lambda _: Driven(world, **options),
        clock=world.clock,
    )


def test_send_returns_the_prediction_of_its_own_sample() -> None:
    world = World()
    with producer_of(world) as producer:
        predictions = [producer.send(x, y) for x, y in zip(XS[:60], YS[:60], strict=True)]
    assert predictions == EXPECTED[:60]


def test_leaving_the_block_makes_everything_last() -> None:
    world = World(interval_seconds=1e9)
    with producer_of(world) as producer:
        for x, y in zip(XS[:40], YS[:40], strict=True):
            producer.push(x, y)
    world.kill()
    assert world.record().next_sequence == 40


@pytest.mark.parametrize("buffer", [2, 3, 16, 500])
def test_predictions_come_in_order_and_each_once(buffer: int) -> None:
    world = World()
    taken: list[tuple[int, float]] = []
    with producer_of(world, buffer=buffer) as producer:
        for x, y in zip(XS, YS, strict=True):
            producer.push(x, y)
            if len(taken) % 2:
                taken += producer.predictions()
        taken += producer.predictions()
    numbers = [number for number, _ in taken]
    assert numbers == sorted(set(numbers))
    assert all(prediction == EXPECTED[number] for number, prediction in taken)
    assert numbers[-1] == 299


def test_a_full_buffer_raises_if_told_and_nothing_is_lost() -> None:
    world = World(interval_seconds=1e9)
    producer = producer_of(world, buffer=10, disturb=lambda world: world.listener.inbox.clear())
    for x, y in zip(XS[:10], YS[:10], strict=True):
        producer.push(x, y, block=False)
    with pytest.raises(UnavailableError, match="the buffer is full"):
        producer.push(XS[10], YS[10], block=False)
    producer._connection._disturb = lambda world: None  # type: ignore[attr-defined]
    producer.push(XS[10], YS[10])
    producer.close()
    assert world.record().next_sequence == 11


def test_without_a_label_the_stream_still_advances() -> None:
    world = World()
    with producer_of(world) as producer:
        producer.send(1.0)
        producer.send([0.0], None)
    assert world.record().outcomes["unlabelled"] == 2


def test_a_rejected_sample_has_no_prediction_and_is_counted() -> None:
    world = World()
    with producer_of(world) as producer:
        assert math.isnan(producer.send(1.0, 7.0))
        producer.send(1.0, 1.0)
    assert producer.rejected == 1


@pytest.mark.parametrize("x", [[1.0, 2.0], [float("nan")], float("inf")])
def test_an_input_that_no_daemon_would_take_is_refused_at_once(x) -> None:
    world = World()
    producer = producer_of(world)
    with pytest.raises(SampleError):
        producer.push(x, 1.0)


def test_a_daemon_that_is_not_there_is_told_after_the_timeout() -> None:
    world = World()
    producer = producer_of(world, timeout=5.0, disturb=lambda world: world.listener.inbox.clear())
    with pytest.raises(UnavailableError, match="no answer from the daemon within 5 s"):
        producer.send(1.0, 1.0)


def test_predictions_that_were_lost_on_the_way_come_again() -> None:
    world, rng = World(), np.random.default_rng(3)
    taken: list[tuple[int, float]] = []
    lossy = producer_of(world, arrives=lambda message: not isinstance(message, Predictions) or rng.random() < 0.3)
    with lossy as producer:
        for at in range(0, 100, 10):
            for x, y in zip(XS[at : at + 10], YS[at : at + 10], strict=True):
                producer.push(x, y)
            taken += producer.predictions()
    assert taken == list(enumerate(EXPECTED[:100]))


def test_predictions_that_no_one_has_confirmed_survive_the_daemon_with_its_checkpoints() -> None:
    world, cut_off = World(interval_seconds=0.1), [True]
    producer = producer_of(world, arrives=lambda message: not (cut_off[0] and isinstance(message, Predictions)))
    for x, y in zip(XS[:30], YS[:30], strict=True):
        producer.push(x, y)
    producer._turn_until(lambda: any(stream.acknowledged == 30 for stream in world.board.record.streams))
    world.kill()
    assert world.record().next_sequence == 30
    cut_off[0] = False
    taken = list(producer.predictions())
    producer.close()
    assert taken == list(enumerate(EXPECTED[:30]))


@pytest.mark.parametrize("seed", range(20))
def test_killed_daemons_and_lost_frames_lose_no_prediction_and_no_sample(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def disturb(world: World) -> None:
        kept = [frame for frame in world.listener.inbox if rng.random() > 0.05]
        world.listener.inbox.clear()
        world.listener.inbox.extend(kept)
        if rng.random() < 0.02:
            assert isinstance(world.files, MemoryFileSystem)
            world.kill()

    world = World(interval_seconds=0.3)
    taken: list[tuple[int, float]] = []
    with producer_of(world, buffer=40, timeout=None, disturb=disturb) as producer:
        for at in range(0, 300, 10):
            for x, y in zip(XS[at : at + 10], YS[at : at + 10], strict=True):
                producer.push(x, y)
            taken += producer.predictions()
    assert [number for number, _ in taken] == list(range(300))
    assert [prediction for _, prediction in taken] == EXPECTED
    predictor = world.loop.streams.existing("s").predictor
    assert isinstance(predictor, HashChain)
    undisturbed = HashChain()
    undisturbed.step_many(BLOCK.inputs, BLOCK.targets)
    assert predictor.link == undisturbed.link


def test_labels_may_come_later_and_have_no_predictions_of_their_own() -> None:
    world = World()
    with producer_of(world) as producer:
        numbers = [producer.push(x) for x in XS[:20]]
        for number, y in zip(numbers, YS[:20], strict=True):
            producer.label(number, y)
        assert [number for number, _ in producer.predictions()] == numbers
        assert producer.send(XS[20], YS[20]) == pytest.approx(prediction_after(XS[:20], YS[:20]))
    assert world.record().outcomes == {"learned": 21, "unlabelled": 20, "duplicate": 0, "rejected": 0}


def prediction_after(xs: list[float], labels: list[float]) -> float:
    """The next prediction when all labels have come after all samples."""
    chain = HashChain()
    chain.step_many(np.array(xs, np.float32)[:, None], np.full(len(xs), np.nan, np.float32))
    chain.label_many(np.arange(len(labels)), np.array(labels, np.float32))
    return float(chain.link[0] / np.float32(255))


@pytest.mark.parametrize("number", [-1, 1, 10**9])
def test_a_label_of_no_earlier_sample_is_refused_and_consumes_nothing(number: int) -> None:
    world = World()
    with producer_of(world) as producer:
        producer.push(XS[0])
        with pytest.raises(SampleError, match="earlier sample"):
            producer.label(number, 1)
        assert producer.push(XS[1]) == 1


def test_a_label_without_room_raises_or_waits_as_told() -> None:
    world = World()
    with producer_of(world, buffer=2) as producer:
        producer.push(XS[0])
        producer.push(XS[1])
        with pytest.raises(UnavailableError, match="buffer is full"):
            producer.label(0, 1, block=False)
        producer.label(0, 1)
