"""What holds of every network between one daemon and its producers."""

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import pytest

from streamer.clock import SystemClock
from streamer.config.keys import Credentials
from streamer.transport.curve import CurveListener, new_pair
from streamer.transport.memory import MemoryListener
from streamer.transport.seam import Connection, Listener, Parts, Peer
from streamer.transport.zeromq import ZmqConnection, ZmqListener

pytestmark = pytest.mark.timeout(15)
"""What hangs is ended; a law costs at most a lingering close."""
T = TypeVar("T")
MAX_BYTES = 1_000_000
TRIES, TRY_SECONDS = 500, 0.01


class Network:
    """One listener and whoever connects to it. All is closed at the end."""

    def __init__(self, listener: Listener, dial: Callable[[], Connection]) -> None:
        self.listener = listener
        self._dial = dial
        self._dialled: list[Connection] = []

    def connect(self) -> Connection:
        connection = self._dial()
        self._dialled.append(connection)
        return connection

    def introduce(self, name: bytes = b"hello") -> tuple[Connection, Peer]:
        """A new connection, and what the listener calls it."""
        connection = self.connect()
        put(connection, [name])
        [(peer, parts)] = self.arrived(1)
        assert parts == [name]
        return connection, peer

    def arrived(self, count: int) -> list[tuple[Peer, list[bytes]]]:
        """The next messages at the listener, at least `count`."""
        return [(peer, list(parts)) for peer, parts in gather(self.listener.receive, count)]

    def close(self) -> None:
        for connection in self._dialled:
            connection.close()
        self.listener.close()


def gather(receive: Callable[[float], list[T]], count: int) -> list[T]:
    found: list[T] = []
    for _ in range(TRIES):
        if len(found) >= count:
            break
        found += receive(TRY_SECONDS)
    assert len(found) >= count, f"{len(found)} of {count} messages arrived"
    return found


def answers(connection: Connection, count: int) -> list[list[bytes]]:
    return [list(parts) for parts in gather(connection.receive, count)]


def put(connection: Connection, parts: Parts) -> None:
    """Send as soon as there is somebody to send to; nothing else may arrive at the connection meanwhile."""
    for _ in range(TRIES):
        if connection.send(parts):
            return
        assert connection.receive(TRY_SECONDS) == []
    raise AssertionError("the connection takes nothing")


def curve_network(address: str) -> Network:
    """A daemon that lets in two keys, which connect in turn."""
    (daemon, secret), *producers = (new_pair() for _ in range(3))
    listener = CurveListener(
        address,
        max_message_bytes=MAX_BYTES,
        secret=secret,
        admits=lambda key: key in dict(producers),
        clock=SystemClock(),
    )
    credentials = cycle([Credentials(secret, daemon) for _, secret in producers])

    def dial() -> Connection:
        return ZmqConnection(listener.endpoint, max_message_bytes=MAX_BYTES, credentials=next(credentials))

    return Network(listener, dial)


@pytest.fixture(params=["memory", "tcp", "ipc", "curve-tcp", "curve-ipc"])
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Network]:
    if request.param == "memory":
        memory = MemoryListener()
        made = Network(memory, memory.connect)
    else:
        address = "tcp://127.0.0.1:*" if request.param.endswith("tcp") else f"ipc://{tmp_path}/s"
        if request.param.startswith("curve"):
            made = curve_network(address)
            yield made
            made.close()
            return
        listener = ZmqListener(address, max_message_bytes=MAX_BYTES)
        made = Network(listener, lambda: ZmqConnection(listener.endpoint, max_message_bytes=MAX_BYTES))
    yield made
    made.close()


@pytest.mark.parametrize(
    "message",
    [[b"one"], [b""], [b"", b"after nothing"], [b"head", b"", b"tail"], [bytes(range(256)) * 400, b"\0"]],
    ids=["one part", "empty", "empty first", "empty inside", "large"],
)
def test_a_message_arrives_whole_in_its_parts_both_ways(network: Network, message: list[bytes]) -> None:
    connection, peer = network.introduce()
    put(connection, message)
    assert network.arrived(1) == [(peer, message)]
    assert network.listener.send(peer, message)
    assert answers(connection, 1) == [message]


def test_the_order_of_a_connection_is_kept_both_ways(network: Network) -> None:
    connection, peer = network.introduce()
    messages = [[b"%d" % n, b"x" * n] for n in range(200)]
    for message in messages:
        put(connection, message)
    assert network.arrived(200) == [(peer, message) for message in messages]
    for message in messages:
        assert network.listener.send(peer, message)
    assert answers(connection, 200) == messages


def test_each_connection_is_another_peer_and_keeps_its_order_among_others(network: Network) -> None:
    connections = [network.introduce() for _ in range(4)]
    assert len({peer for _, peer in connections}) == 4
    for n in range(20):
        for connection, _ in connections:
            put(connection, [b"%d" % n])
    found = network.arrived(80)
    for _, peer in connections:
        assert [parts for sender, parts in found if sender == peer] == [[b"%d" % n] for n in range(20)]


def test_an_answer_reaches_the_peer_it_is_for_and_nobody_else(network: Network) -> None:
    connections = [network.introduce(b"%d" % n) for n in range(3)]
    for n, (_, peer) in reversed(list(enumerate(connections))):
        assert network.listener.send(peer, [b"for %d" % n])
    for n, (connection, _) in enumerate(connections):
        assert answers(connection, 1) == [[b"for %d" % n]]
        assert connection.receive(0) == []


def test_with_nothing_there_nothing_is_received(network: Network) -> None:
    assert network.listener.receive(0) == []
    connection, _ = network.introduce()
    for timeout_seconds in (0, TRY_SECONDS):
        assert network.listener.receive(timeout_seconds) == []
        assert connection.receive(timeout_seconds) == []


def test_a_message_is_received_once(network: Network) -> None:
    connection, peer = network.introduce()
    assert network.listener.receive(0) == []
    assert network.listener.send(peer, [b"once"])
    assert answers(connection, 1) == [[b"once"]]
    assert connection.receive(0) == []


def test_a_peer_that_never_was_cannot_be_sent_to(network: Network) -> None:
    assert network.listener.send(b"nobody", [b"hello?"]) is False


def test_a_peer_that_is_gone_cannot_be_sent_to_and_the_others_can(network: Network) -> None:
    gone, gone_peer = network.introduce()
    stays, peer = network.introduce()
    gone.close()
    for _ in range(TRIES):
        if not network.listener.send(gone_peer, [b"still there?"]):
            break
        assert network.listener.receive(TRY_SECONDS) == []
    assert network.listener.send(gone_peer, [b"still there?"]) is False
    assert network.listener.send(peer, [b"you are"])
    assert answers(stays, 1) == [[b"you are"]]


def test_a_connection_made_anew_is_another_peer(network: Network) -> None:
    connection, before = network.introduce()
    connection.close()
    _, after = network.introduce()
    assert after != before


def test_closing_loses_nothing_that_was_sent_to_a_listener_that_reads(network: Network) -> None:
    connection, peer = network.introduce()
    for n in range(50):
        put(connection, [b"%d" % n])
    connection.close()
    assert network.arrived(50) == [(peer, [b"%d" % n]) for n in range(50)]


def test_closing_twice_does_no_harm(network: Network) -> None:
    connection, _ = network.introduce()
    for _ in range(2):
        connection.close()
    for _ in range(2):
        network.listener.close()


def fill(send: Callable[[], bool], pause: Callable[[], object]) -> None:
    """Send until no more is taken, or, where all is, until it is far more than any queue between processes holds."""
    refusals = count = 0
    while refusals < 5 and count < 3_000:
        if send():
            count += 1
        else:
            refusals += 1
            pause()


@pytest.mark.timeout(5)  # before ZeroMQ's heartbeat would end it
@pytest.mark.parametrize("leaves_first", ["listener", "connection"])
def test_closing_ends_though_there_are_messages_that_nobody_reads(network: Network, leaves_first: str) -> None:
    connection, peer = network.introduce()
    message = [bytes(16_384)]
    if leaves_first == "connection":
        fill(lambda: connection.send(message), lambda: connection.receive(TRY_SECONDS))
        connection.close()
        network.listener.close()
    else:
        fill(lambda: network.listener.send(peer, message), lambda: network.listener.receive(TRY_SECONDS))
        network.listener.close()
        connection.close()


def test_closing_ends_though_nobody_was_ever_there(network: Network) -> None:
    connection = network.connect()
    network.listener.close()
    connection.send([b"hello?"])
    connection.close()
