"""A PUB socket of our own."""

import pytest

from streamer.errors import UnavailableError
from streamer.transport.publishing import HIGH_WATER, ZmqPublisher
from streamer.transport.seam import Parts
from streamer.transport.subscription import ZmqSubscription
from tests.transport.publishers import wait

pytestmark = pytest.mark.timeout(15)


def test_who_listens_gets_what_is_published_from_then_on() -> None:
    publisher = ZmqPublisher("tcp://127.0.0.1:*")
    subscription = ZmqSubscription([publisher.endpoint], max_message_bytes=1000)
    found: list[tuple[str, Parts]] = []
    while not found:  # until the subscription has arrived; bounded by the test's time
        publisher.publish((b"s", b"greeting"))
        wait(subscription, 0.01)
        found = subscription.receive()
    publisher.publish((b"s", b"last"))
    while found[-1][1][1] != b"last":
        wait(subscription, 0.01)
        found += subscription.receive()
    assert {(feed, parts[0]) for feed, parts in found} == {(publisher.endpoint, b"s")}
    subscription.close()
    publisher.close()


def test_nobody_is_waited_for() -> None:
    publisher = ZmqPublisher("tcp://127.0.0.1:*")
    for _ in range(3 * HIGH_WATER):
        publisher.publish((b"s", b"to nobody"))
    publisher.close()


def test_an_address_in_use_is_told() -> None:
    publisher = ZmqPublisher("tcp://127.0.0.1:*")
    with pytest.raises(UnavailableError, match=r"predictions cannot be published there; got: tcp://127\.0\.0\.1"):
        ZmqPublisher(publisher.endpoint)
    publisher.close()
