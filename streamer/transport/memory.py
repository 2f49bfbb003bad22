"""A network in memory for one thread: nothing waits, and a test decides what arrives."""

from collections import deque
from itertools import count

from streamer.transport.seam import Parts, Peer


class MemoryListener:
    """The daemon's end; `connect` makes a producer's.

    >>> listener = MemoryListener()
    >>> connection = listener.connect()
    >>> connection.send([b"hello"])
    True
    >>> [(peer, parts)] = listener.receive(0)
    >>> listener.send(peer, [b"welcome"]), connection.receive(0)
    (True, [[b'welcome']])
    """

    endpoint = "memory://"

    def __init__(self) -> None:
        self.inbox: deque[tuple[Peer, Parts]] = deque()
        self._peers: dict[Peer, MemoryConnection] = {}
        self._names = count(1)

    def connect(self, key: str = "") -> "MemoryConnection":
        """A new producer's end; `key` is the public key that it has proved to have."""
        connection = MemoryConnection(self, f"{key}{next(self._names)}".encode())
        self._peers[connection.peer] = connection
        return connection

    def receive(self, timeout_seconds: float) -> list[tuple[Peer, Parts]]:
        """Everything that was sent; never waits."""
        messages = list(self.inbox)
        self.inbox.clear()
        return messages

    def send(self, peer: Peer, parts: Parts) -> bool:
        """False if the peer has closed."""
        if peer not in self._peers:
            return False
        self._peers[peer].inbox.append(parts)
        return True

    def refused_handshakes(self) -> dict[str, int]:
        """None: there are no handshakes."""
        return {}

    def knows(self, peer: Peer) -> bool:
        """Whether a peer is connected."""
        return peer in self._peers

    def forget(self, peer: Peer) -> None:
        """The peer's connection is gone."""
        self._peers.pop(peer, None)

    def close(self) -> None:
        """All connections are gone."""
        self._peers.clear()


class MemorySubscription:
    """Feeds that a test publishes on; as with a PUB socket, nobody hears what is published while nobody listens.

    >>> subscription = MemorySubscription()
    >>> subscription.publish("memory://feed", [b"hello"])
    >>> subscription.receive()
    [('memory://feed', [b'hello'])]
    """

    def __init__(self) -> None:
        self._inbox: deque[tuple[str, Parts]] = deque()

    def publish(self, feed: str, parts: Parts) -> None:
        """A message of the feed at an address."""
        self._inbox.append((feed, parts))

    def receive(self) -> list[tuple[str, Parts]]:
        """Everything that was published."""
        messages = list(self._inbox)
        self._inbox.clear()
        return messages

    def close(self) -> None:
        """What was not received is lost."""
        self._inbox.clear()


class MemoryConnection:
    """A producer's end."""

    def __init__(self, listener: MemoryListener, peer: Peer) -> None:
        self.peer = peer
        self.inbox: deque[Parts] = deque()
        self._listener = listener

    def receive(self, timeout_seconds: float) -> list[Parts]:
        """Everything that was sent; never waits."""
        messages = list(self.inbox)
        self.inbox.clear()
        return messages

    def send(self, parts: Parts) -> bool:
        """Into the listener's inbox; False if either side has closed."""
        if not self._listener.knows(self.peer):
            return False
        self._listener.inbox.append((self.peer, parts))
        return True

    def obstacle(self, now: float) -> str:
        """Nothing stands in the way."""
        return ""

    def close(self) -> None:
        """Leave."""
        self._listener.forget(self.peer)
