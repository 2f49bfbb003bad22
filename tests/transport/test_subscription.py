"""ZeroMQ's side of subscriptions: waking, sharing, bounds, and publishers that come late or not at all."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest
import zmq

from streamer.errors import UnavailableError
from streamer.transport.seam import Parts
from streamer.transport.subscription import HIGH_WATER, ZmqSubscription
from streamer.transport.zeromq import DRAIN_MESSAGES, ZmqConnection, ZmqListener
from tests.transport.publishers import Publishers, wait

pytestmark = pytest.mark.timeout(20)
MAX_BYTES = 100_000
LONG_SECONDS = 15.0
"""A wait that the test's own limit would end if nothing woke it."""


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    made = Publishers(["tcp://127.0.0.1:*"] * 2)
    yield made
    made.close()


@pytest.fixture
def subscription(publishers: Publishers) -> Iterator[ZmqSubscription]:
    made = ZmqSubscription(list(publishers.sockets), max_message_bytes=MAX_BYTES)
    publishers.wait_for_subscribers()
    yield made
    made.close()


@pytest.fixture
def listener(subscription: ZmqSubscription) -> Iterator[ZmqListener]:
    made = ZmqListener("tcp://127.0.0.1:*", max_message_bytes=MAX_BYTES, wakes=subscription.sockets)
    yield made
    made.close()


@pytest.mark.timeout(10)
def test_a_listener_that_waits_is_woken_by_each_feed(
    publishers: Publishers, subscription: ZmqSubscription, listener: ZmqListener
) -> None:
    for feed in publishers.sockets:
        publishers.publish(feed, [b"wake"])
        assert listener.receive(LONG_SECONDS) == []
        assert subscription.receive() == [(feed, [b"wake"])]


@pytest.mark.timeout(10)
def test_a_listener_with_feeds_is_still_woken_by_a_producer(listener: ZmqListener) -> None:
    connection = ZmqConnection(listener.endpoint, max_message_bytes=MAX_BYTES)
    while not connection.send([b"hello"]):
        connection.receive(0.01)
    assert [parts for _, parts in listener.receive(LONG_SECONDS)] == [[b"hello"]]
    connection.close()


def test_a_flood_on_one_feed_takes_its_share_of_a_turn_and_the_other_feed_has_its_own(
    publishers: Publishers, subscription: ZmqSubscription
) -> None:
    flooding, quiet = publishers.sockets
    stop = threading.Event()

    def flood() -> None:
        for number in count():
            if stop.is_set():
                return
            publishers.sockets[flooding].send(b"%d" % number)

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        publishers.publish(quiet, [b"quiet"])
        received: list[tuple[str, Parts]] = []
        while not any(feed == quiet for feed, _ in received):
            received = subscription.receive()
            assert sum(feed == flooding for feed, _ in received) <= DRAIN_MESSAGES // 2
    finally:
        stop.set()
        thread.join()


def test_what_is_not_read_is_bounded_and_the_publisher_does_not_wait(
    publishers: Publishers, subscription: ZmqSubscription
) -> None:
    feed = next(iter(publishers.sockets))
    sent = 100_000
    for number in range(sent):
        publishers.sockets[feed].send(b"%d" % number + bytes(1000), zmq.NOBLOCK)
    received = 0
    while messages := subscription.receive():
        received += len(messages)
        wait(subscription, 0.2)
    assert HIGH_WATER < received < sent


def test_a_publisher_that_starts_later_is_heard_and_one_that_never_does_harms_nobody(publishers: Publishers) -> None:
    probe = Publishers(["tcp://127.0.0.1:*"] * 2)
    late, never = probe.sockets
    probe.close()
    subscription = ZmqSubscription([late, never], max_message_bytes=MAX_BYTES)
    there = Publishers([late])
    there.wait_for_subscribers()
    there.publish(late, [b"at last"])
    wait(subscription, LONG_SECONDS)
    assert subscription.receive() == [(late, [b"at last"])]
    subscription.close()
    there.close()


def test_an_address_that_zeromq_cannot_use_is_named(publishers: Publishers) -> None:
    with pytest.raises(UnavailableError, match=r"transport\.subscribe") as caught:
        ZmqSubscription([*publishers.sockets, "tcp://127.0.0.1:port"], max_message_bytes=MAX_BYTES)
    assert "tcp://127.0.0.1:port" in str(caught.value)


def test_no_feed_at_all_is_nothing_to_receive() -> None:
    subscription = ZmqSubscription([], max_message_bytes=MAX_BYTES)
    assert subscription.receive() == []
    subscription.close()
