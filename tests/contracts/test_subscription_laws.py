"""What holds of every subscription to feeds that others publish."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streamer.transport.memory import MemorySubscription
from streamer.transport.seam import Parts, Subscription
from streamer.transport.subscription import ZmqSubscription
from tests.contracts.test_transport_laws import gather
from tests.transport.publishers import Publishers, wait

pytestmark = pytest.mark.timeout(15)
MAX_BYTES = 1_000_000


class Feeds:
    """A subscription to two feeds, and a way to publish on each."""

    def __init__(self, subscription: Subscription, names: list[str], publish: Callable[[str, Parts], object]) -> None:
        self.subscription = subscription
        self.first, self.second = names
        self.publish = publish

    def arrived(self, count: int) -> list[tuple[str, list[bytes]]]:
        """The next messages, at least `count`."""
        found = gather(lambda timeout: _patient(self.subscription, timeout), count)
        return [(feed, list(parts)) for feed, parts in found]


def _patient(subscription: Subscription, timeout_seconds: float) -> list[tuple[str, Parts]]:
    if isinstance(subscription, ZmqSubscription):
        wait(subscription, timeout_seconds)
    return subscription.receive()


@pytest.fixture(params=["memory", "tcp", "ipc"])
def feeds(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Feeds]:
    if request.param == "memory":
        memory = MemorySubscription()
        yield Feeds(memory, ["memory://1", "memory://2"], memory.publish)
        memory.close()
        return
    addresses = {"tcp": ["tcp://127.0.0.1:*"] * 2, "ipc": [f"ipc://{tmp_path}/1", f"ipc://{tmp_path}/2"]}
    publishers = Publishers(addresses[request.param])
    names = list(publishers.sockets)
    subscription = ZmqSubscription(names, max_message_bytes=MAX_BYTES)
    publishers.wait_for_subscribers()
    yield Feeds(subscription, names, publishers.publish)
    subscription.close()
    publishers.close()


@pytest.mark.parametrize("message", [[b"one"], [b""], [b"topic", b"two"], [b"s", b"", bytes(range(256)) * 300]])
def test_a_message_arrives_whole_with_the_address_of_its_feed(feeds: Feeds, message: list[bytes]) -> None:
    for feed in (feeds.first, feeds.second):
        feeds.publish(feed, message)
        assert feeds.arrived(1) == [(feed, message)]


def test_the_order_of_a_feed_is_kept(feeds: Feeds) -> None:
    messages = [[b"%d" % n] for n in range(500)]
    for message in messages:
        feeds.publish(feeds.first, message)
        feeds.publish(feeds.second, message)
    found = feeds.arrived(1000)
    for feed in (feeds.first, feeds.second):
        assert [parts for origin, parts in found if origin == feed] == messages


def test_with_nothing_there_nothing_is_received_and_nobody_waits(feeds: Feeds) -> None:
    assert feeds.subscription.receive() == []


def test_a_message_is_received_once(feeds: Feeds) -> None:
    feeds.publish(feeds.first, [b"once"])
    assert len(feeds.arrived(1)) == 1
    assert feeds.subscription.receive() == []


def test_closing_twice_does_no_harm(feeds: Feeds) -> None:
    feeds.publish(feeds.first, [b"not received"])
    feeds.subscription.close()
    feeds.subscription.close()
