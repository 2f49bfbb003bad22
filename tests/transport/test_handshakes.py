"""The accounting of connections that come to nothing, from made-up events."""

import random

import zmq

from streamer.transport.handshakes import Handshakes

LIMIT = 5.0
CRYPTOGRAPHIC, MISMATCH = zmq.PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC, zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH
UNEXPECTED = zmq.PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND


class Story:
    """Connections on one socket, told as ZeroMQ tells them."""

    def __init__(self) -> None:
        self.handshakes = Handshakes(limit_seconds=LIMIT)
        self.now = 0.0

    def tell(self, event: int, value: int = 0) -> None:
        self.handshakes.take(event, value, self.now)

    def comes(self, descriptor: int) -> None:
        self.tell(zmq.EVENT_ACCEPTED, descriptor)

    def goes(self, descriptor: int) -> None:
        self.tell(zmq.EVENT_DISCONNECTED, descriptor)

    def refused(self) -> dict[str, int]:
        return dict(self.handshakes.refused(self.now))


def test_a_connection_that_gets_in_is_not_refused_neither_while_it_is_there_nor_when_it_goes() -> None:
    story = Story()
    story.comes(7)
    story.tell(zmq.EVENT_HANDSHAKE_SUCCEEDED)
    assert story.refused() == {}
    story.goes(7)
    story.now = 100.0
    assert story.refused() == {}


def test_a_connection_that_fails_is_counted_once_by_its_reason() -> None:
    story = Story()
    for event, value in [
        (zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400),
        (zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, CRYPTOGRAPHIC),
        (zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, MISMATCH),
        (zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, UNEXPECTED),
        (zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL, 32),
    ]:
        story.comes(7)
        story.tell(event, value)
        story.goes(7)
    assert story.refused() == dict.fromkeys(["key", "daemon_key", "mechanism", "malformed", "unfinished"], 1)


def test_a_connection_that_ends_unexplained_is_malformed() -> None:
    story = Story()
    story.comes(7)
    assert story.refused() == {}
    story.goes(7)
    assert story.refused() == {"malformed": 1}


def test_an_unexplained_end_is_counted_late_rather_than_wrongly_while_others_are_undecided() -> None:
    story = Story()
    story.comes(8)
    story.tell(zmq.EVENT_HANDSHAKE_SUCCEEDED)
    story.comes(7)
    story.goes(7)  # unexplained; but nothing tells that it was not 7 that got in, and 8 that is undecided
    assert story.refused() == {}
    story.now = 3 * LIMIT  # by now 8 is decided
    assert story.refused() == {"malformed": 1}


def test_whatever_the_order_every_refused_connection_is_counted_once_and_no_count_ever_falls() -> None:
    luck = random.Random(1)
    for _ in range(200):
        story, expected, before = Story(), 0, 0
        open_fds: list[int] = []
        free = list(range(5, 30))
        for _ in range(60):
            story.now += luck.random()
            if open_fds and (luck.random() < 0.5 or not free):
                fd = open_fds.pop(luck.randrange(len(open_fds)))
                story.goes(fd)
                free.append(fd)
            else:
                fd = free.pop(luck.randrange(len(free)))
                story.comes(fd)
                fate = luck.choice(["in", "failed", "unexplained"])
                if fate == "in":
                    story.tell(zmq.EVENT_HANDSHAKE_SUCCEEDED)
                    open_fds.append(fd)
                else:
                    expected += 1
                    if fate == "failed":
                        story.tell(zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL)
                    story.goes(fd)
                    free.append(fd)
            count = sum(story.refused().values())
            assert before <= count <= expected
            before = count
        story.now += 3 * LIMIT
        assert sum(story.refused().values()) == expected


def test_an_event_that_says_nothing_of_a_handshake_is_not_counted() -> None:
    story = Story()
    story.tell(zmq.EVENT_LISTENING, 7)
    story.now = 100.0
    assert story.refused() == {}
