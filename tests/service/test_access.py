"""A whole daemon with keys: who may feed which stream, and what becomes of those who may not any longer."""

import pytest

from streamer.client.feed import Phase, Plan
from streamer.config.allowlist import parse
from streamer.service.access import KeyAccess, OpenAccess
from streamer.service.observer import Unobserved
from streamer.wire.frames import encode, encode_block
from streamer.wire.messages import Ping
from tests.service.world import Producer, World

A, B = "a" * 40, "b" * 40


class Log(Unobserved):
    def __init__(self) -> None:
        self.warnings: list[tuple[str, dict[str, object]]] = []

    def warn(self, event: str, **facts: object) -> None:
        self.warnings.append((event, facts))


def access(text: str) -> KeyAccess:
    return KeyAccess(parse(text, "keys"), Unobserved())


def refusal(producer: Producer) -> str | None:
    return producer.feed.refusal.reason if producer.feed.refusal is not None else None


def test_a_key_feeds_the_streams_it_is_listed_with() -> None:
    world = World(access=access(f"{A} s\n{B} t-*"))
    producers = [Producer(world, key=A), Producer(world, plan=Plan("t-1", batch=7, samples=300), key=B)]
    world.run(*producers)
    assert world.loop.reception.refused_sessions == {}


@pytest.mark.parametrize("listed", ["", f"{A} t\n{B} s"], ids=["not listed", "listed with another"])
def test_a_key_that_is_not_listed_with_a_stream_opens_nothing_and_may_try_again(listed: str) -> None:
    world = World(access=access(listed))
    producer = Producer(world, key=A)
    for _ in range(3):
        world.turn(producer)
    assert refusal(producer) == "key"
    assert producer.feed.phase is Phase.GREETING
    assert world.loop.reception.refused_sessions == {"key": 1}
    assert list(world.loop.streams) == []


def test_who_may_not_feed_a_stream_does_not_learn_from_the_refusal_whether_it_exists() -> None:
    world = World(access=access(f"{A} s"), limit=1)
    world.run(Producer(world, key=A))
    curious = [Producer(world, plan=Plan(name), key=B) for name in ("s", "other")]
    world.turn(*curious)
    world.turn(*curious)
    first, second = (producer.feed.refusal for producer in curious)
    assert first is not None
    assert first == second


def test_frames_of_a_session_from_another_key_are_refused_and_counted_and_change_nothing() -> None:
    world = World(access=access(f"{A}\n{B}"))
    owner = Producer(world, key=A)
    thief = world.listener.connect(B)
    world.turn(owner)
    session = world.loop.sessions.holder("s")
    assert session is not None
    received, peer = world.loop.streams.existing("s").received(session.epoch), session.peer
    for frame in (
        encode_block(session.id, owner.source.read(received, 5)),
        encode(Ping(session.id, 0, 0)),
    ):
        thief.send(frame)
    world.daemon.turn()
    assert world.loop.reception.refused_frames == {"key": 2}
    assert world.loop.streams.existing("s").received(session.epoch) == received
    assert session.peer == peer
    assert thief.receive(0) == []
    world.run(owner)


def test_a_session_may_go_on_over_another_connection_of_the_same_key() -> None:
    world = World(access=access(A))
    producer = Producer(world, key=A)
    world.turn(producer)
    producer.connection = world.listener.connect(A)
    world.run(producer)
    assert world.loop.reception.refused_frames == {}


def test_a_key_struck_off_the_list_loses_its_session_at_the_reload_and_others_keep_theirs() -> None:
    keys = access(f"{A}\n{B}")
    world = World(access=keys)
    leaves, stays = Producer(world, key=A), Producer(world, plan=Plan("t", batch=7, samples=300), key=B)
    for _ in range(3):
        world.turn(leaves, stays)
    keys.allowed = parse(B, "keys")
    world.reloading.request()
    world.turn(leaves, stays)
    assert world.loop.sessions.holder("s") is None
    assert world.loop.sessions.holder("t") is not None
    assert refusal(leaves) == "key"
    world.run(stays)
    learned = world.loop.streams.existing("s").received(leaves.source.epoch)
    keys.allowed = parse(f"{A}\n{B}", "keys")
    world.run(leaves)
    assert 0 < learned < 300
    assert world.record().next_sequence == 300


def test_without_a_request_nobody_loses_a_session() -> None:
    keys = access(A)
    world = World(access=keys)
    producer = Producer(world, key=A)
    world.turn(producer)
    keys.allowed = parse("", "keys")
    world.turn(producer)
    assert world.loop.sessions.holder("s") is not None


def test_without_keys_everyone_may_feed_everything() -> None:
    assert OpenAccess().may_feed(b"1", "s")
    assert OpenAccess().same_owner(b"1", b"2")


def test_a_key_that_knocks_in_vain_is_told_to_the_log_for_its_owner_to_list_it() -> None:
    log = Log()
    keys = KeyAccess(parse(A, "keys"), log)
    assert keys.admits(A)
    assert log.warnings == []
    assert not keys.admits(B)
    [(_, facts)] = log.warnings
    assert facts["key"] == B
