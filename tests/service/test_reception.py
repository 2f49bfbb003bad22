"""What the daemon does with frames that are wrong. None of them stops it, and each is counted."""

import zlib

import msgspec
import pytest

from streamer.client.feed import Plan
from streamer.errors import StoppedError
from streamer.samples import Block
from streamer.service.reception import REFUSED_IN_A_ROW
from streamer.sources.bits import BitSource
from streamer.wire.frames import Parts, decode, encode, encode_block
from streamer.wire.messages import Progress, Refused, Resend, Welcome
from tests.service.world import Producer, World


def session_of(world: World, producer: Producer) -> int:
    world.turn(producer)
    session = world.loop.sessions.holder("s")
    assert session is not None
    return session.id


def refused(world: World) -> dict[str, int]:
    return dict(world.loop.reception.refused_frames)


def answers(producer: Producer) -> list[object]:
    return [decode(parts)[0] for parts in producer.connection.receive(0)]


@pytest.mark.parametrize("parts", [(b"",), (b"garbage",), (b"\0" * 4,), (b"a", b"b", b"c"), (b"\xff" * 400, b"x" * 9)])
def test_garbage_from_a_stranger_is_counted_and_not_answered(parts: Parts) -> None:
    world = World()
    connection = world.listener.connect()
    connection.send(parts)
    world.daemon.turn()
    assert sum(refused(world).values()) == 1
    assert not connection.inbox
    world.run(Producer(world))


def test_a_damaged_frame_is_asked_for_again_once() -> None:
    world = World()
    producer = Producer(world, plan=Plan("s", batch=8))
    session = session_of(world, producer)
    expected = world.loop.streams.existing("s").received(producer.source.epoch)
    for first in (expected, expected + 8, expected + 16):
        (frame,) = encode_block(session, producer.source.read(first, 8))
        producer.connection.send((frame if first > expected else frame[:-1] + b"!",))
    world.daemon.turn()
    assert [answer for answer in answers(producer) if isinstance(answer, Resend)] == [Resend(session, expected)]
    assert refused(world) == {"checksum": 1}
    assert world.record().missing == 8


def test_a_connection_that_only_damages_loses_its_session() -> None:
    world = World()
    producer = Producer(world, plan=Plan("s"))
    session_of(world, producer)
    for _ in range(REFUSED_IN_A_ROW):
        producer.connection.send((b"damaged",))
    with pytest.raises(StoppedError, match="damaged"):
        world.turn(producer)


def test_samples_beyond_the_credit_are_refused() -> None:
    world = World(window=16)
    producer = Producer(world, plan=Plan("s"))
    session = session_of(world, producer)
    producer.connection.send(encode_block(session, producer.source.read(16, 500)))
    world.daemon.turn()
    assert refused(world) == {"credit": 1}


def test_samples_of_another_width_are_refused() -> None:
    world = World()
    producer = Producer(world)
    session = session_of(world, producer)
    block = producer.source.read(0, 4)
    wide = Block(0, block.inputs.repeat(2, axis=1), block.targets)
    producer.connection.send(encode_block(session, wide))
    world.daemon.turn()
    assert refused(world) == {"inputs": 1}


def test_a_message_that_only_a_daemon_sends_is_refused() -> None:
    world = World()
    producer = Producer(world, plan=Plan("s"))
    session = session_of(world, producer)
    producer.connection.send(encode(Progress(session, 1, 2, 3, 0)))
    world.daemon.turn()
    assert refused(world) == {"direction": 1}


def test_another_version_is_told_so() -> None:
    world = World()
    connection = world.listener.connect()
    header = msgspec.msgpack.encode([2, 1, [0]])
    content = len(header).to_bytes(2, "little") + header
    connection.send((zlib.crc32(content).to_bytes(4, "little") + content,))
    world.daemon.turn()
    answer, _ = decode(connection.receive(0)[0])
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.retry) == ("version", False)


def test_the_limit_told_bounds_what_is_queued() -> None:
    world = World(window=32)
    producer = Producer(world, BitSource(seed=1), Plan("s", batch=8))
    for _ in range(50):
        producer.send()
        for peer, parts in world.listener.receive(0):
            world.loop.receive(peer, parts, world.clock.monotonic())
        assert sum(stream.queued for stream in world.loop.streams) <= 32
        world.loop.work(3, 0)
        for action in world.loop.take():
            world.daemon._do(action)
        producer.receive()
        world.clock.advance(0.1)


def test_a_welcome_names_where_to_start_and_how_far_to_go() -> None:
    world = World(window=50)
    producer = Producer(world)
    producer.send()
    world.daemon.turn()
    assert answers(producer)[0] == Welcome(1000, 0, 50, 0)
