"""Who may feed a stream, if producers and feeds both would: through a whole daemon."""

from streamer.client.feed import Phase
from streamer.service.stream import PAST_EPOCHS
from streamer.wire.frames import decode
from streamer.wire.messages import Refused
from tests.service.person import Person
from tests.service.publishing import SILENCE_SECONDS, A, B, hello_of, learned, link, say_all, settle
from tests.service.world import Producer, World

# Who may feed a stream


def test_a_stream_that_a_producer_holds_is_not_fed_by_a_feed() -> None:
    world = World()
    producer = hello_of(world)
    say_all(world, 0, 1)
    world.run(producer)
    assert world.loop.subscriber.refused == {"held": 2}
    assert world.record().outcomes["learned"] + world.record().outcomes["unlabelled"] == 300
    assert world.record().mode == "reliable"


def test_a_feed_takes_a_stream_over_when_its_producer_has_left_and_goes_on_with_the_same_learner() -> None:
    world = World()
    world.run(Producer(world))
    world.clock.advance(SILENCE_SECONDS)
    before = world.record().samples
    say_all(world, 5, 6)
    settle(world)
    assert world.record().samples == before + 2
    assert (world.record().mode, world.record().next_sequence) == ("best effort", 2)


def test_a_producer_is_asked_to_wait_while_a_feed_is_alive_and_has_the_stream_when_it_is_silent() -> None:
    world = World()
    say_all(world, 0)
    settle(world)
    producer = Producer(world)
    producer.send()
    world.daemon.turn()
    [answer] = producer.connection.receive(0)
    refusal, _ = decode(answer)
    assert isinstance(refusal, Refused)
    assert (refusal.reason, refusal.retry) == ("held", True)
    world.clock.advance(SILENCE_SECONDS)
    world.run(producer)
    assert producer.feed.phase is Phase.DONE
    assert world.record().mode == "reliable"


def test_a_producer_that_is_silent_too_long_loses_its_stream_to_a_feed() -> None:
    world = World()
    hello_of(world)
    world.clock.advance(SILENCE_SECONDS)
    say_all(world, 0)
    settle(world)
    assert world.record().mode == "best effort"


def test_of_two_feeds_the_first_has_the_stream_as_long_as_it_is_heard() -> None:
    world = World(window=1000)
    say_all(world, *range(10))
    say_all(world, 500, 501, feed=B)
    settle(world)
    assert world.loop.subscriber.refused == {"held": 2}
    world.clock.advance(SILENCE_SECONDS)
    say_all(world, 502, 503, feed=B)
    say_all(world, 10)
    settle(world)
    record = world.record()
    assert world.loop.subscriber.refused == {"held": 3}
    assert (record.next_sequence, record.missing) == (2, 0)  # each feed has its own numbers
    world.clock.advance(SILENCE_SECONDS)
    say_all(world, 12)
    settle(world)
    assert (world.record().next_sequence, world.record().missing) == (11, 2)


def test_a_feed_that_was_forgotten_for_others_begins_anew() -> None:
    world = World()
    say_all(world, 5)
    others = [f"tcp://127.0.0.1:{port}" for port in range(1, PAST_EPOCHS + 1)]
    for feed in [*others, A]:
        settle(world)
        world.clock.advance(SILENCE_SECONDS)
        say_all(world, 9, feed=feed)
    settle(world)
    assert world.record().missing == 0
    assert world.record().next_sequence == 1
    assert len(world.loop.streams.existing("s").followings) == PAST_EPOCHS


def test_other_streams_of_the_same_feed_and_other_feeds_are_not_touched() -> None:
    world = World()
    say_all(world, 0, 1, stream="s")
    say_all(world, 7, 9, stream="t")
    say_all(world, 0, feed=B, stream="u")
    settle(world)
    assert [world.record(name).missing for name in "stu"] == [0, 1, 0]
    assert [world.record(name).outcomes["learned"] for name in "stu"] == [2, 2, 1]


def test_a_feed_begins_no_more_streams_than_the_limit() -> None:
    world = World(limit=2)
    for name in "stuv":
        say_all(world, 0, stream=name)
    settle(world)
    assert [stream.name for stream in world.loop.streams] == ["s", "t"]
    assert world.loop.subscriber.refused == {"streams": 2}


# What a person orders


def test_a_stream_that_a_feed_holds_is_not_retired_and_one_whose_feed_is_silent_is() -> None:
    world = World()
    say_all(world, 0, 1)
    settle(world)
    assert f"s from {A}" in Person(world).fails("retire").error
    world.clock.advance(SILENCE_SECONDS)
    Person(world).commands("retire")
    assert list(world.loop.streams) == []
    say_all(world, 0, feed=B)
    settle(world)
    assert link(world) == learned(0)


def test_a_stream_that_is_reset_goes_on_with_the_numbers_of_its_feed() -> None:
    world = World()
    say_all(world, *range(5))
    settle(world)
    Person(world).commands("reset")
    say_all(world, 4, 5, 7)
    settle(world)
    assert link(world) == learned(5, 7)
    assert (world.record().missing, world.record().outcomes["duplicate"]) == (1, 1)
