"""Who gets in, who does not, and that a message tells whose it is."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import TypeVar

import pytest
import zmq

from streamer.clock import SystemClock
from streamer.config.keys import Credentials
from streamer.errors import UnavailableError
from streamer.transport import curve, dialling, zeromq
from streamer.transport.curve import CurveListener, new_pair
from streamer.transport.seam import Parts, Peer, key_of
from streamer.transport.zeromq import ZmqConnection, ZmqListener
from tests.faults.strangers import KINDS, Kind, silent, strangers

pytestmark = pytest.mark.timeout(30)
TRIES, TRY_SECONDS = 1000, 0.01
QUICK_MILLISECONDS = 300
T = TypeVar("T")


class House:
    """A listener with keys, and its friends."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.daemon_key, secret = new_pair()
        self.allowed: set[str] = set()
        self.listener = CurveListener(
            "tcp://127.0.0.1:*",
            max_message_bytes=1000,
            secret=secret,
            admits=self.allowed.__contains__,
            clock=SystemClock(),
        )
        stack.callback(self.listener.close)

    def credentials(self, *, listed: bool = True) -> tuple[str, Credentials]:
        public, secret = new_pair()
        if listed:
            self.allowed.add(public)
        return public, Credentials(secret, self.daemon_key)

    def dial(self, credentials: Credentials | None, endpoint: str | None = None) -> ZmqConnection:
        connection = ZmqConnection(endpoint or self.listener.endpoint, max_message_bytes=1000, credentials=credentials)
        self._stack.callback(connection.close)
        return connection

    def hears(self, connection: ZmqConnection, parts: Parts) -> Peer:
        """Send, and who the listener says it is from."""
        send(connection, parts)
        [(peer, heard)] = until(lambda: self.listener.receive(TRY_SECONDS))
        assert heard == parts
        return peer

    def refused(self, count: int) -> dict[str, int]:
        """Refusals by reason once there are so many; nothing may be delivered meanwhile."""

        def enough() -> dict[str, int] | None:
            assert self.listener.receive(TRY_SECONDS) == []
            found = dict(self.listener.refused_handshakes())
            return found if sum(found.values()) >= count else None

        return until(enough)


def until(look: Callable[[], T | None]) -> T:
    for _ in range(TRIES):
        if found := look():
            return found
    raise AssertionError("it never is so")


def send(connection: ZmqConnection, parts: Parts) -> None:
    until(lambda: connection.send(parts) or connection.receive(TRY_SECONDS))


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(zeromq, "LINGER_MILLISECONDS", 0)
    for module in (zeromq, curve):
        monkeypatch.setattr(module, "HANDSHAKE_MILLISECONDS", QUICK_MILLISECONDS)
    with ExitStack() as stack:
        yield House(stack)


@pytest.mark.parametrize(("kind", "reasons"), KINDS.values(), ids=KINDS)
def test_a_stranger_is_not_heard_and_is_counted_once_by_reason(house: House, kind: Kind, reasons: set[str]) -> None:
    with strangers(house.listener.endpoint, house.daemon_key, 3, (kind,)):
        refused = house.refused(3)
    assert set(refused) <= reasons
    assert sum(refused.values()) == 3
    assert house.listener.receive(TRY_SECONDS) == []


def test_of_many_strangers_of_all_kinds_nobody_is_heard_and_each_is_counted(house: House) -> None:
    with strangers(house.listener.endpoint, house.daemon_key, 44):
        assert sum(house.refused(44).values()) == 44
    assert house.listener.receive(TRY_SECONDS) == []


def test_a_friend_is_served_while_strangers_hold_their_connections(house: House) -> None:
    _, credentials = house.credentials()
    with strangers(house.listener.endpoint, house.daemon_key, 44, (silent,)):
        friend = house.dial(credentials)
        peer = house.hears(friend, [b"hello"])
        assert house.listener.send(peer, [b"welcome"])
        assert until(lambda: friend.receive(TRY_SECONDS)) == [[b"welcome"]]
    assert house.listener.receive(TRY_SECONDS) == []


def test_a_friend_gets_in_though_nobody_receives(house: House) -> None:
    _, credentials = house.credentials()
    friend = house.dial(credentials)
    send(friend, [b"hello"])  # a busy daemon must not make its friends wait
    assert [parts for _, parts in until(lambda: house.listener.receive(TRY_SECONDS))] == [[b"hello"]]


def test_every_message_tells_the_key_of_its_sender(house: House) -> None:
    for _ in range(3):
        public, credentials = house.credentials()
        connection = house.dial(credentials)
        for n in range(3):
            assert key_of(house.hears(connection, [b"%d" % n])) == public


def test_a_connection_that_chose_its_own_name_is_not_heard_and_its_messages_are_counted(house: House) -> None:
    public, credentials = house.credentials()
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    with closing(context.socket(zmq.DEALER)) as dealer:
        dealer.linger = 0
        dealer.set(zmq.ROUTING_ID, b"somebody else")
        dealer.set_string(zmq.CURVE_SECRETKEY, credentials.secret)
        dealer.set_string(zmq.CURVE_PUBLICKEY, public)
        dealer.set_string(zmq.CURVE_SERVERKEY, credentials.daemon)
        dealer.connect(house.listener.endpoint)
        dealer.send(b"hello")
        assert house.refused(1) == {"routing_id": 1}
    context.term()


def test_a_key_that_is_struck_off_the_list_does_not_get_in_again(house: House) -> None:
    public, credentials = house.credentials()
    connection = house.dial(credentials)
    house.hears(connection, [b"hello"])
    house.allowed.remove(public)
    connection.close()
    house.dial(credentials)
    assert house.refused(1) == {"key": 1}


def obstacle(connection: ZmqConnection, now: float = 0.0) -> str:
    """Why a connection is not there, as soon as it is known."""
    return until(lambda: connection.receive(TRY_SECONDS) or connection.obstacle(now))  # type: ignore[return-value]


def test_who_is_refused_knows_why_and_gets_in_when_he_is_listed(house: House) -> None:
    public, credentials = house.credentials(listed=False)
    connection = house.dial(credentials)
    assert "does not let this key in" in obstacle(connection)
    house.allowed.add(public)
    assert connection.obstacle(dialling.REDIAL_SECONDS / 2)
    assert not connection.send([b"too early"])
    assert connection.obstacle(dialling.REDIAL_SECONDS)
    send(connection, [b"hello"])
    assert until(lambda: connection.obstacle(0.0) == "")
    assert [parts for _, parts in until(lambda: house.listener.receive(TRY_SECONDS))] == [[b"hello"]]


def test_who_is_refused_again_dials_again(house: House) -> None:
    _, credentials = house.credentials(listed=False)
    connection = house.dial(credentials)
    for count in range(1, 4):
        house.refused(count)
        obstacle(connection, now=10.0 * count)
        connection.obstacle(10.0 * count + dialling.REDIAL_SECONDS)
    assert house.refused(4) == {"key": 4}


def test_who_has_no_key_is_told_that_one_is_wanted(house: House) -> None:
    assert "in keys only" in obstacle(house.dial(None))


def test_who_takes_another_daemon_for_this_one_is_told_to_look_at_its_key(house: House) -> None:
    _, credentials = house.credentials()
    other, _ = new_pair()
    assert "the daemon's key" in obstacle(house.dial(Credentials(credentials.secret, other)))


def test_who_has_keys_for_a_daemon_without_any_is_told_so(house: House) -> None:
    _, credentials = house.credentials()
    with closing(ZmqListener("tcp://127.0.0.1:*", max_message_bytes=1000)) as plain:
        words = obstacle(house.dial(credentials, plain.endpoint))
    assert "no keys" in words or "broken off" in words  # either side may notice first


def test_without_keys_nothing_is_counted() -> None:
    with closing(ZmqListener("tcp://127.0.0.1:*", max_message_bytes=1000)) as plain:
        assert plain.refused_handshakes() == {}


def test_the_doorkeeper_leaves_with_the_listener(house: House) -> None:
    def keepers() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "doorkeeper"]

    [keeper] = keepers()
    house.listener.close()
    keeper.join(10)
    assert keepers() == []


def test_an_address_that_cannot_be_bound_leaves_no_doorkeeper() -> None:
    before = threading.active_count()
    _, secret = new_pair()
    with pytest.raises(UnavailableError):
        CurveListener(
            "tcp://192.0.2.1:1", max_message_bytes=1, secret=secret, admits=lambda key: True, clock=SystemClock()
        )
    until(lambda: threading.active_count() == before)


def test_a_key_that_cannot_be_judged_stays_out_and_the_next_one_gets_in() -> None:
    daemon_key, secret = new_pair()
    friend, friends_secret = new_pair()
    stranger_secret = new_pair()[1]

    def admits(key: str) -> bool:
        if key != friend:
            raise ValueError("I/O operation on closed file")
        return True

    with ExitStack() as stack:
        options = {"max_message_bytes": 1000, "secret": secret, "admits": admits, "clock": SystemClock()}
        listener = stack.enter_context(closing(CurveListener("tcp://127.0.0.1:*", **options)))  # type: ignore[arg-type]
        for own in (stranger_secret, friends_secret):
            keys = Credentials(own, daemon_key)
            connection = ZmqConnection(listener.endpoint, max_message_bytes=1000, credentials=keys)
            stack.enter_context(closing(connection))
            if own == stranger_secret:
                until(lambda: listener.refused_handshakes().get("key") or listener.receive(TRY_SECONDS) or None)
        send(connection, [b"hello"])
        [(peer, _)] = until(lambda: listener.receive(TRY_SECONDS))
    assert key_of(peer) == friend
