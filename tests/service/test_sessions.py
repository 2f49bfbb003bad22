"""Who may feed a stream, and what a producer is told that may not."""

import pytest

from streamer.client.feed import Phase, Plan
from streamer.errors import StoppedError
from streamer.service.reception import REFUSED_IN_A_ROW
from streamer.sources.arrays import ArraySource
from streamer.sources.bits import BitSource
from streamer.wire.frames import decode, encode, encode_block
from streamer.wire.messages import Hello, HelloAgain, Ping, Refused
from tests.service.world import Producer, World


def test_a_newer_producer_of_the_same_log_takes_the_stream_over() -> None:
    world = World()
    older, newer = Producer(world), Producer(world)
    for _ in range(3):
        world.turn(older)
    world.turn(newer)
    with pytest.raises(StoppedError, match="fenced"):
        world.turn(older, newer)
    world.run(newer)


def test_a_fenced_producer_that_missed_the_message_is_told_again_when_it_sends() -> None:
    world = World()
    older, newer = Producer(world), Producer(world)
    for _ in range(3):
        world.turn(older)
    world.turn(newer)
    older.connection.inbox.clear()
    world.clock.advance(1)
    with pytest.raises(StoppedError, match="fenced"):
        world.turn(older, newer)


def test_another_log_waits_while_the_holder_lives() -> None:
    world = World()
    holder, other = Producer(world), Producer(world, BitSource(seed=2))
    for _ in range(3):
        world.turn(holder)
    for _ in range(60):
        world.turn(holder, other)
        assert holder.done or other.feed.phase is Phase.GREETING
    assert other.feed.refusal is not None
    assert other.feed.refusal.reason == "held"


def test_another_log_takes_the_stream_when_the_holder_has_left() -> None:
    world = World()
    holder, other = Producer(world), Producer(world, BitSource(seed=2))
    world.run(holder)
    farewell = holder.feed.bye()
    assert farewell is not None
    holder.connection.send(farewell)
    world.run(other)
    record = world.record()
    assert (record.epoch, record.next_sequence, record.samples) == (other.source.epoch, 300, 600)


def test_another_log_takes_the_stream_when_the_holder_has_been_silent_too_long() -> None:
    world = World()
    holder, other = Producer(world), Producer(world, BitSource(seed=2))
    for _ in range(3):
        world.turn(holder)
    world.clock.advance(11)
    world.run(other)


def test_another_log_takes_the_stream_when_the_holders_connection_is_gone() -> None:
    world = World()
    holder, other = Producer(world), Producer(world, BitSource(seed=2))
    for _ in range(3):
        world.turn(holder)
    holder.connection.close()
    world.clock.advance(1)
    world.daemon.turn()
    world.turn(other)
    assert other.feed.phase is Phase.SENDING


def test_a_producer_that_comes_back_with_an_old_log_goes_on_in_it() -> None:
    world = World()
    for source, samples in ((BitSource(seed=1), 100), (BitSource(seed=2), 50), (BitSource(seed=1), 150)):
        producer = Producer(world, source, Plan("s", samples=samples))
        world.run(producer)
        producer.connection.close()
        world.clock.advance(1)
        world.daemon.turn()
    assert world.record().samples == 200
    assert producer.feed.started_from == 100


def test_the_cursors_of_past_logs_survive_a_restart_and_are_bounded() -> None:
    world = World()
    for seed in range(20):
        producer = Producer(world, BitSource(seed=seed), Plan("s", samples=10))
        world.run(producer)
        producer.connection.close()
        world.clock.advance(1)
        world.daemon.turn()
    world.daemon.finish()
    world.kill()
    positions = world.loop.streams.existing("s").positions
    assert list(positions) == [BitSource(seed=seed).epoch for seed in range(4, 20)]


def test_a_frame_of_an_unknown_session_is_answered_with_hello_again() -> None:
    world = World()
    connection = world.listener.connect()
    connection.send(encode(Ping(77, 0, 0)))
    world.daemon.turn()
    assert connection.inbox[0] == encode(HelloAgain(77))
    assert world.loop.reception.refused_frames["session"] == 1


def refusal_of(world: World, hello: Hello) -> str:
    connection = world.listener.connect()
    connection.send(encode(hello))
    world.daemon.turn()
    answer = connection.inbox[-1]
    world.loop.unreachable(connection.peer)
    message, _ = decode(answer)
    return message.reason if isinstance(message, Refused) else "welcome"


EPOCH = "0123456789abcdef"


@pytest.mark.parametrize(
    ("hello", "reason"),
    [
        (Hello(0, "s", 1, EPOCH, 0, 10, 0, 9, False, 0), "welcome"),
        (Hello(0, "s", 3, EPOCH, 0, 10, 0, 9, False, 0), "inputs"),
        (Hello(0, "s", 1, EPOCH, 0, 10, 1, 9, False, 0), "buffer"),
        (Hello(0, "s", 1, EPOCH, 5, 10, 0, 9, False, 0), "trimmed"),
    ],
)
def test_a_hello_that_cannot_work_is_refused_with_its_reason(hello: Hello, reason: str) -> None:
    world = World()
    assert refusal_of(world, hello) == reason
    assert sum(world.loop.reception.refused_sessions.values()) == (reason != "welcome")


def test_a_log_that_ends_before_the_daemons_cursor_is_refused() -> None:
    world = World()
    producer = Producer(world)
    world.run(producer)
    producer.connection.close()
    world.loop.unreachable(producer.connection.peer)
    assert refusal_of(world, Hello(0, "s", 1, producer.source.epoch, 0, 299, 0, 9, False, 0)) == "beyond"
    assert refusal_of(world, Hello(0, "s", 1, producer.source.epoch, 0, 300, 0, 9, False, 0)) == "welcome"


def test_streams_beyond_the_limit_are_refused_and_cost_nothing() -> None:
    world = World(limit=2)
    for n in range(50):
        world.listener.connect().send(encode(Hello(0, f"s{n}", 1, EPOCH, 0, 10, 0, 9, False, 0)))
    world.daemon.turn()
    assert world.loop.reception.refused_sessions == {"streams": 48}
    assert len(list(world.loop.streams)) == 2


def test_a_name_that_was_only_said_takes_no_place_and_no_disk() -> None:
    world = World(limit=1)
    assert refusal_of(world, Hello(0, "typo", 1, EPOCH, 0, 10, 0, 9, False, 0)) == "welcome"
    for _ in range(50):
        world.turn()
    assert world.files.names("checkpoints") == [".lock"] or world.files.names("checkpoints") == []
    world.run(Producer(world))


def test_sessions_are_one_a_stream_however_many_say_hello() -> None:
    world = World()
    for _ in range(300):
        world.listener.connect().send(encode(Hello(0, "s", 1, EPOCH, 0, 10, 0, 9, False, 0)))
    world.daemon.turn()
    assert len(list(world.loop.sessions)) == 1


def test_one_producer_is_never_fenced_off_by_its_own_hello_on_another_connection() -> None:
    world = World()
    producer = Producer(world)
    old, new = world.listener.connect(), producer.connection
    hello = encode(Hello(0, "s", 1, producer.source.epoch, 0, 2**62, 0, 77, False, 0))
    for connection in (old, new, old, new):
        connection.send(hello)
    world.daemon.turn()
    kinds = [type(decode(parts)[0]).__name__ for connection in (old, new) for parts in connection.receive(0)]
    assert "Refused" not in kinds
    assert len(list(world.loop.sessions)) == 1


def test_of_two_streams_on_one_connection_the_one_that_misbehaves_is_refused() -> None:
    world = World(window=8)
    connection = world.listener.connect()
    for name, incarnation in (("a", 1), ("b", 2)):
        connection.send(encode(Hello(0, name, 1, EPOCH, 0, 2**62, 0, incarnation, False, 0)))
    world.daemon.turn()
    b = world.loop.sessions.holder("b")
    assert b is not None
    for _ in range(REFUSED_IN_A_ROW):
        connection.send(encode_block(b.id, BitSource().read(0, 100)))
    world.daemon.turn()
    assert world.loop.sessions.holder("a") is not None
    assert world.loop.sessions.holder("b") is None


def test_a_waiting_stream_gets_its_turn_before_another_gets_a_second_one() -> None:
    world = World(window=64)
    names = ["one", "two", "three"]
    producers = [Producer(world, plan=Plan(name, batch=16)) for name in names]
    for producer in producers:
        world.turn(producer)
    for producer in producers:
        producer.send()
    for peer, parts in world.listener.receive(0):
        world.loop.receive(peer, parts, 0)
    worked = [world.loop.work(1, 0) for _ in range(9)]
    order = [block.stream.name for block in worked if block is not None]
    assert sorted(order[:3]) == sorted(order[3:6]) == sorted(order[6:]) == sorted(names)


def test_logs_that_only_say_hello_and_want_predictions_do_not_pile_up() -> None:
    world = World()
    connection = world.listener.connect()
    for n in range(100):
        connection.send(encode(Hello(0, "s", 1, f"{n:016x}", 0, 10, 0, 9, True, 0)))
    world.daemon.turn()
    assert len(world.loop.streams.existing("s").deliveries) == 1


def test_two_streams_are_served_side_by_side() -> None:
    world = World()
    data = [[0.0], [1.0]] * 50, [0, 1] * 50
    one = Producer(world, ArraySource(*data), Plan("one", batch=10))
    two = Producer(world, BitSource(seed=3), Plan("two", batch=10, samples=100))
    world.run(one, two)
    assert {stream.name for stream in world.loop.streams} == {"one", "two"}
    assert world.record("one").outcomes["learned"] == world.record("two").outcomes["learned"] == 100
