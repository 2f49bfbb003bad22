"""What ZeroMQ does only if it is told to: bounded queues, refusals that are told, and addresses that mean something."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import zmq

from streamer.config.endpoint import is_loopback
from streamer.config.settings import TransportSettings
from streamer.errors import UnavailableError
from streamer.transport import zeromq
from streamer.transport.seam import Parts, Peer
from streamer.transport.zeromq import HIGH_WATER, ZmqConnection, ZmqListener
from streamer.transport.zmq_intake import wait_for_any

pytestmark = pytest.mark.timeout(15)
TRIES, TRY_SECONDS = 500, 0.01
MESSAGE = bytes(16_384)
MOST_QUEUED = 10 * HIGH_WATER
"""Twice the mark, and what the kernel's own buffers of a connection hold: some megabytes each way."""


class Peers:
    """Makes listeners and connections, and closes them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def listener(self, endpoint: str = "tcp://127.0.0.1:*", *, max_message_bytes: int = 1_000_000) -> ZmqListener:
        return self._stack.enter_context(closing(ZmqListener(endpoint, max_message_bytes=max_message_bytes)))

    def connection(self, endpoint: str) -> ZmqConnection:
        return self._stack.enter_context(closing(ZmqConnection(endpoint, max_message_bytes=1_000_000)))

    def pair(self) -> tuple[ZmqListener, ZmqConnection, Peer]:
        """A listener, a connection to it, and what the listener calls it."""
        listener = self.listener()
        connection = self.connection(listener.endpoint)
        put(connection, [b"hello"])
        return listener, connection, first(listener)[0]


@pytest.fixture
def peers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peers]:
    monkeypatch.setattr(zeromq, "LINGER_MILLISECONDS", 0)  # the laws try closing; here it would only cost time
    with ExitStack() as stack:
        yield Peers(stack)


def put(connection: ZmqConnection, parts: Parts) -> None:
    for _ in range(TRIES):
        if connection.send(parts):
            return
        connection.receive(TRY_SECONDS)
    raise AssertionError("the connection takes nothing")


def first(listener: ZmqListener) -> tuple[Peer, Parts]:
    for _ in range(TRIES):
        if messages := listener.receive(TRY_SECONDS):
            assert len(messages) == 1
            return messages[0]
    raise AssertionError("nothing arrives")


def taken(send: Callable[[], bool], pause: Callable[[], object]) -> int:
    """Messages taken until no more are, for good and not only until the next are on their way; or too many."""
    count = refusals = 0
    while refusals < 20 and count <= MOST_QUEUED:
        if send():
            count, refusals = count + 1, 0
        else:
            refusals += 1
            pause()
    return count


def test_a_listener_that_never_reads_makes_sending_fail_after_a_bounded_number(peers: Peers) -> None:
    _, connection, _ = peers.pair()
    count = taken(lambda: connection.send([MESSAGE]), lambda: connection.receive(TRY_SECONDS))
    assert HIGH_WATER <= count <= MOST_QUEUED


def test_a_connection_that_never_reads_makes_answering_fail_after_a_bounded_number(peers: Peers) -> None:
    listener, _, peer = peers.pair()
    count = taken(lambda: listener.send(peer, [MESSAGE]), lambda: listener.receive(TRY_SECONDS))
    assert HIGH_WATER <= count <= MOST_QUEUED


def test_a_connection_that_never_reads_does_not_keep_the_others_from_being_answered(peers: Peers) -> None:
    listener, _, deaf = peers.pair()
    other = peers.connection(listener.endpoint)
    put(other, [b"hello"])
    peer, _ = first(listener)
    taken(lambda: listener.send(deaf, [MESSAGE]), lambda: listener.receive(TRY_SECONDS))
    assert listener.send(peer, [b"welcome"])
    assert other.receive(TRIES * TRY_SECONDS) == [[b"welcome"]]


def test_nothing_is_queued_while_there_is_no_daemon_and_sending_works_once_there_is(peers: Peers) -> None:
    with closing(ZmqListener("tcp://127.0.0.1:*", max_message_bytes=1000)) as gone:
        endpoint = gone.endpoint
    connection = peers.connection(endpoint)
    assert not any(connection.send([b"too early"]) for _ in range(3))
    listener = peers.listener(endpoint)
    put(connection, [b"in time"])
    assert first(listener)[1] == [b"in time"]


def test_nothing_is_queued_for_a_daemon_that_has_left(peers: Peers) -> None:
    listener, connection, _ = peers.pair()
    listener.close()
    assert taken(lambda: connection.send([b"still there?"]), lambda: connection.receive(TRY_SECONDS)) <= MOST_QUEUED
    assert connection.send([b"still there?"]) is False


def test_a_message_above_the_size_limit_costs_its_sender_the_connection_and_nobody_else(peers: Peers) -> None:
    listener = peers.listener(max_message_bytes=1000)
    large, small = peers.connection(listener.endpoint), peers.connection(listener.endpoint)
    put(large, [bytes(1000)])
    before, parts = first(listener)
    assert parts == [bytes(1000)]
    put(small, [b"hello"])
    peer, _ = first(listener)
    put(large, [bytes(1001)])
    for _ in range(TRIES):
        if not listener.send(before, [b"still there?"]):
            break
        assert listener.receive(TRY_SECONDS) == []
    assert listener.send(before, [b"still there?"]) is False
    assert listener.send(peer, [b"you are"])
    assert small.receive(TRIES * TRY_SECONDS) == [[b"you are"]]
    found: list[tuple[Peer, Parts]] = []
    for _ in range(TRIES):
        large.send([b"back again"])  # what is sent before it has noticed is lost
        if found := listener.receive(TRY_SECONDS):
            break
    assert {(peer == before, *parts) for peer, parts in found} == {(False, b"back again")}


def test_closing_gives_what_was_sent_a_moment_to_go_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zeromq, "LINGER_MILLISECONDS", 10 * zeromq.LINGER_MILLISECONDS)  # a busy machine takes longer
    sent, full = [], threading.Event()

    def send_and_leave(endpoint: str) -> None:
        with closing(ZmqConnection(endpoint, max_message_bytes=1000)) as connection:
            put(connection, [MESSAGE])
            sent.append(1 + taken(lambda: connection.send([MESSAGE]), lambda: connection.receive(TRY_SECONDS)))
            full.set()

    with closing(ZmqListener("tcp://127.0.0.1:*", max_message_bytes=len(MESSAGE))) as listener:
        leaver = threading.Thread(target=send_and_leave, args=[listener.endpoint])
        leaver.start()
        assert full.wait(10)
        received = 0
        for _ in range(TRIES):
            received += len(listener.receive(TRY_SECONDS))
            if received == sent[0]:
                break
        leaver.join()
    assert received == sent[0] > 2 * HIGH_WATER


@pytest.mark.parametrize(("bound", "value"), [("DRAIN_BYTES", 2_500), ("DRAIN_MESSAGES", 3)])
def test_one_receive_takes_a_bounded_amount_and_the_next_goes_on_there(
    peers: Peers, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    listener, connection, peer = peers.pair()
    sent = [b"%03d" % n + bytes(997) for n in range(100)]
    for message in sent:
        put(connection, [message])
    monkeypatch.setattr(zeromq, bound, value)
    sizes, received = [], []
    for _ in range(TRIES):
        messages = listener.receive(TRY_SECONDS)
        sizes.append(len(messages))
        received += [message for _, [message] in messages]
        if len(received) == 100:
            break
    assert received == sent
    assert max(sizes) == 3
    assert listener.send(peer, [b"done"])


def test_an_address_in_use_is_refused_with_what_to_do(peers: Peers) -> None:
    endpoint = peers.listener().endpoint
    with pytest.raises(UnavailableError, match=r"in use.*do this: .*transport\.listen") as caught:
        ZmqListener(endpoint, max_message_bytes=1000)
    assert caught.value.got == endpoint


@pytest.mark.parametrize(
    "endpoint",
    ["tcp://192.0.2.1:15577", "ipc:///no/such/directory/s", "nonsense"],
    ids=["another machine's", "no such directory", "no address"],
)
def test_an_address_that_cannot_be_bound_is_refused_with_one_that_could_be(endpoint: str) -> None:
    with pytest.raises(UnavailableError, match=r"cannot be bound.*tcp://127\.0\.0\.1:15577") as caught:
        ZmqListener(endpoint, max_message_bytes=1000)
    assert endpoint in str(caught.value.got)


@pytest.mark.parametrize("endpoint", ["nonsense", "tcp://127.0.0.1"])
def test_an_address_that_cannot_be_connected_to_is_refused_with_one_that_could_be(endpoint: str) -> None:
    with pytest.raises(UnavailableError, match=r"cannot be used.*tcp://127\.0\.0\.1:15577"):
        ZmqConnection(endpoint, max_message_bytes=1000)


def test_a_listener_that_was_closed_has_given_up_its_address(peers: Peers) -> None:
    listener = peers.listener()
    endpoint = listener.endpoint
    listener.close()
    assert peers.listener(endpoint).endpoint == endpoint


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


ANY_PORT = [
    pytest.param("tcp://127.0.0.1:*", id="IPv4"),
    pytest.param(
        "tcp://[::1]:*", id="IPv6", marks=pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")
    ),
]


@pytest.mark.parametrize("address", ANY_PORT)
def test_the_endpoint_has_the_real_port_and_may_be_connected_to_and_put_into_settings(
    peers: Peers, address: str
) -> None:
    listener = peers.listener(address)
    assert int(listener.endpoint.removeprefix(address.removesuffix("*"))) > 0
    assert is_loopback(listener.endpoint)
    assert TransportSettings(listen=listener.endpoint).listen == listener.endpoint
    connection = peers.connection(listener.endpoint)
    put(connection, [b"hello"])
    peer, parts = first(listener)
    assert parts == [b"hello"]
    assert listener.send(peer, [b"welcome"])
    assert connection.receive(TRIES * TRY_SECONDS) == [[b"welcome"]]


def test_the_endpoint_of_a_file_is_that_file(peers: Peers, tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/s"
    assert peers.listener(endpoint).endpoint == endpoint
    assert TransportSettings(listen=endpoint).listen == endpoint


def test_an_ipc_path_that_somebody_listens_at_is_not_taken_away_from_him(tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/daemon"
    first = ZmqListener(endpoint, max_message_bytes=1000)
    with closing(first):
        with pytest.raises(UnavailableError, match="in use"):
            ZmqListener(endpoint, max_message_bytes=1000)
        connection = ZmqConnection(endpoint, max_message_bytes=1000)
        with closing(connection):
            while not connection.send([b"hello"]):
                pass
            assert [parts for _, parts in first.receive(5.0)] == [[b"hello"]]


def test_of_a_message_with_very_many_parts_only_a_few_are_kept() -> None:
    listener = ZmqListener("tcp://127.0.0.1:*", max_message_bytes=1000)
    connection = ZmqConnection(listener.endpoint, max_message_bytes=1000)
    with closing(listener), closing(connection):
        while not connection.send([b"x" * 100] * 5000):
            pass
        [(_, parts)] = listener.receive(5.0)
        assert len(parts) == 3


def test_sending_on_what_is_closed_is_an_error_and_not_a_peer_that_is_gone() -> None:
    listener = ZmqListener("tcp://127.0.0.1:*", max_message_bytes=1000)
    listener.close()
    with pytest.raises(zmq.ZMQError):
        listener.send(b"peer", [b"hello"])


def test_a_wait_on_several_things_ends_when_the_daemon_answers(peers: Peers) -> None:
    listener, connection, peer = peers.pair()
    listener.send(peer, [b"answer"])
    reading, writing = os.pipe()
    with open(reading, "rb"), open(writing, "wb"):
        wait_for_any([connection.pollable, reading], 10)
    assert connection.receive(0) == [[b"answer"]]
