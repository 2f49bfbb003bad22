"""Everything that a stranger can send: each is refused and counted, none reaches the disk, or the log unescaped."""

import gc
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest

from streamer.app.logs import LogObserver, set_up_logs
from streamer.client.feed import Phase, Plan
from streamer.samples import Block
from streamer.sources.bits import BitSource
from streamer.wire.frames import MAX_FRAME_BYTES, Parts, encode, encode_block
from streamer.wire.messages import Bye, Data, Hello, Kind, Ping, Progress
from tests.service.world import Producer, World

EPOCH = "0123456789abcdef"
HELLO = [0, "s", 1, EPOCH, 0, 10, 0, 9]
PLACES = {"stream": 1, "inputs": 2, "epoch": 3, "first": 4, "next": 5, "buffer": 6, "incarnation": 7}


def sealed(header: bytes, payload: bytes = b"") -> Parts:
    content = len(header).to_bytes(2, "little") + header + payload
    return (zlib.crc32(content).to_bytes(4, "little") + content,)


def frame(kind: int, fields: Any, *, version: int = 1, payload: bytes = b"") -> Parts:
    return sealed(msgspec.msgpack.encode([version, kind, fields]), payload)


def hello(**changes: Any) -> Parts:
    fields: list[Any] = list(HELLO)
    for name, value in changes.items():
        fields[PLACES[name]] = value
    return frame(Kind.HELLO, fields)


def block(count: int = 2, inputs: int = 1, value: float = 0.0) -> Block:
    return Block(0, np.full((count, inputs), value, np.float32), np.zeros(count, np.float32))


NAMES = [
    "../../etc/passwd",
    "/etc",
    "a/b",
    "a\\b",
    "..",
    "",
    "a\0",
    "a\nb",
    "\x1b[2J\x1b]0;owned\x07",
    "x" * 65,
    "ström",
]
BEFORE_A_SESSION = [
    pytest.param((), "parts", id="no part"),
    pytest.param((b"", b""), "parts", id="two parts"),
    pytest.param((b"",), "checksum", id="nothing"),
    pytest.param((b"\x1b[2J\n{}",), "checksum", id="garbage"),
    pytest.param((hello()[0][:-1],), "checksum", id="cut short"),
    pytest.param((hello()[0] + b"\0",), "checksum", id="something behind"),
    pytest.param(sealed(b""), "header", id="no header"),
    pytest.param(
        (zlib.crc32(b"\xff\xff\x01").to_bytes(4, "little") + b"\xff\xff\x01",), "header", id="length too large"
    ),
    pytest.param((b"\0" * (MAX_FRAME_BYTES + 1),), "size", id="oversized"),
    pytest.param(sealed(b"\x93\x01\x01" + b"\x91" * 9_000), "size", id="header oversized"),
    pytest.param(sealed(b"\x93\x01\x01" + b"\x91" * 4_000), "header", id="nested deep"),
    pytest.param(frame(Kind.HELLO, HELLO, version=2), "version", id="another version"),
    pytest.param(frame(Kind.HELLO, HELLO, version=-1), "version", id="negative version"),
    pytest.param(frame(99, [0]), "kind", id="unknown kind"),
    pytest.param(frame(-1, [0]), "kind", id="negative kind"),
    pytest.param(frame(Kind.HELLO, {"stream": "s"}), "fields", id="a map for fields"),
    pytest.param(frame(Kind.HELLO, HELLO[:-1]), "fields", id="a field too few"),
    *(pytest.param(hello(stream=name), "fields", id=f"stream {name[:20]!r}") for name in NAMES),
    pytest.param(sealed(b"\x93\x01\x01\x98\x00\xa2\xff\xfe\x01\xa0\x00\x0a\x00\x09"), "fields", id="stream not UTF-8"),
    pytest.param(hello(stream=7), "fields", id="stream a number"),
    pytest.param(hello(epoch="../" * 8), "fields", id="epoch a path"),
    pytest.param(hello(inputs=-1), "fields", id="inputs negative"),
    pytest.param(hello(inputs=2**63), "fields", id="inputs huge"),
    pytest.param(hello(next=float("nan")), "fields", id="next not a number"),
    pytest.param(hello(first=-(2**63)), "fields", id="first negative"),
    pytest.param(hello(buffer=2**64 - 1), "fields", id="buffer huge"),
    pytest.param(frame(Kind.DATA, [1, 0, -1, 1]), "fields", id="count negative"),
    pytest.param(frame(Kind.DATA, [1, 0, 2**62, 1]), "fields", id="count huge"),
    pytest.param(frame(Kind.DATA, [1, 0, 65_536, 64]), "payload", id="count larger than the payload"),
    pytest.param(frame(Kind.PING, [1], payload=b"x"), "payload", id="payload where none belongs"),
    pytest.param(encode(Ping(77)), "session", id="a session that is none"),
    pytest.param(encode(Progress(77, 0, 0, 0)), "session", id="what only a daemon sends"),
]


@pytest.fixture
def world() -> World:
    """Where somebody has already learned something."""
    world = World(window=64)
    world.run(Producer(world, BitSource(seed=2), Plan("good", samples=20)))
    return world


def on_disk(world: World) -> dict[str, list[str]]:
    return {path: world.files.names(path) for path in ("checkpoints", "checkpoints/good")}


def learns_on(world: World) -> None:
    """A good producer is served as if nothing had been."""
    world.run(Producer(world, BitSource(seed=2), Plan("good", samples=60)))
    assert world.record("good").next_sequence == 60


@pytest.mark.parametrize(("parts", "reason"), BEFORE_A_SESSION)
def test_what_a_stranger_sends_is_counted_once_and_leaves_no_trace(
    world: World, parts: Parts, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs()
    world.loop.reception._observer = LogObserver(world.clock)
    before, streams = on_disk(world), list(world.loop.streams)
    world.listener.connect().send(parts)
    for _ in range(20):
        world.turn()
    assert world.loop.reception.refused_frames == {reason: 1}
    assert (on_disk(world), list(world.loop.streams)) == (before, streams)
    logged = capsys.readouterr().err
    assert all(line.isprintable() for line in logged.splitlines())
    learns_on(world)


IN_A_SESSION = [
    pytest.param(block(inputs=2), "inputs", id="another width"),
    pytest.param(block(count=65), "credit", id="more than it may"),
    pytest.param(Block(2**62 - 1, block().inputs, block().targets), "credit", id="from the end of all numbers"),
]


@pytest.mark.parametrize(("sent", "reason"), IN_A_SESSION)
def test_a_block_that_is_not_as_agreed_is_counted_and_not_learned(world: World, sent: Block, reason: str) -> None:
    connection = world.listener.connect()
    connection.send(encode(Hello(0, "s", 1, EPOCH, 0, 2**62, 0, 9)))
    world.daemon.turn()
    session = world.loop.sessions.holder("s")
    assert session is not None
    connection.send(encode_block(session.id, sent))
    world.daemon.turn()
    assert world.loop.reception.refused_frames == {reason: 1}
    assert world.record("s").next_sequence == 0
    learns_on(world)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_none_is_counted_and_never_learned(world: World, value: float) -> None:
    connection = world.listener.connect()
    connection.send(encode(Hello(0, "s", 1, EPOCH, 0, 2**62, 0, 9)))
    world.daemon.turn()
    session = world.loop.sessions.holder("s")
    assert session is not None
    connection.send(encode_block(session.id, block(value=value)))
    world.daemon.turn()
    assert world.record("s").rejected == {"not_finite": 2}
    assert world.record("s").samples == 0


def test_another_streams_name_does_not_give_its_samples_to_a_stranger(world: World) -> None:
    holder = Producer(world, BitSource(seed=2), Plan("good", samples=60))
    world.turn(holder)
    connection = world.listener.connect()
    connection.send(encode(Hello(0, "good", 1, EPOCH, 0, 2**62, 0, 9)))
    connection.send(encode(Data(1, 0, 1, 1), bytes(8)))
    world.run(holder)
    assert world.loop.reception.refused_sessions == {"held": 1}
    assert world.loop.reception.refused_frames == {"session": 1}
    assert world.record("good").next_sequence == 60


# Floods


def growth(world: World, flood: Iterator[None]) -> int:
    """Bytes by which the daemon has grown between the middle of a flood and its end."""
    middle = 0
    tracemalloc.start()
    for turn, _ in enumerate(flood):
        world.turn()
        if turn == FLOOD // 2:
            gc.collect()
            middle = tracemalloc.get_traced_memory()[0]
    gc.collect()
    end = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return end - middle


FLOOD, MOST_BYTES = 2_000, 65_536
"""A hundred bytes kept of each name in the second half would be more."""


def hellos(world: World, *, leave: bool) -> Iterator[None]:
    """Many names from many connections; each connection is gone afterwards, with a farewell or without."""
    for n in range(FLOOD):
        connection = world.listener.connect()
        connection.send(encode(Hello(0, f"flood-{n}", 1, f"{n:016x}", 0, 2**62, 0, n + 1, True)))
        yield
        session = world.loop.sessions.holder(f"flood-{n}")
        if leave and session is not None:
            connection.send(encode(Bye(session.id)))
            yield
        connection.close()


@pytest.mark.parametrize("leave", [True, False], ids=["they leave", "they vanish"])
def test_a_flood_of_hellos_costs_no_memory_and_a_good_producer_is_served(world: World, leave: bool) -> None:
    assert growth(world, hellos(world, leave=leave)) < MOST_BYTES
    refused = world.loop.reception.refused_sessions
    assert set(refused) <= {"streams"}
    assert len(list(world.loop.streams)) <= world.limit
    learns_on(world)


def test_of_a_flood_at_once_each_that_is_refused_is_counted_and_a_good_producer_is_served(world: World) -> None:
    producer = Producer(world, BitSource(seed=2), Plan("good", samples=60))
    world.turn(producer)
    assert producer.feed.phase is Phase.SENDING
    for n in range(FLOOD):
        world.listener.connect().send(encode(Hello(0, f"flood-{n}", 1, EPOCH, 0, 2**62, 0, n + 1)))
    world.run(producer, turns=100)
    assert world.loop.reception.refused_sessions == {"streams": FLOOD - world.limit + 1}
    assert len(list(world.loop.sessions)) == world.limit
