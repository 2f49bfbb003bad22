"""What the program needs of a network: messages of a few parts, each whole or not at all, and no promise to arrive."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from streamer.config.keys import KEY_LENGTH

Peer = bytes
"""Where an answer goes. It names a connection, not a producer: a connection that is made anew has another."""

Parts = Sequence[bytes]


def key_of(peer: Peer) -> str:
    """The public key of a peer of a listener with keys, where a peer's name begins with the key that it has proved.

    >>> key_of(b"k" * 40 + b"7") == "k" * 40
    True
    """
    return peer[:KEY_LENGTH].decode()


class Listener(Protocol):
    """The daemon's end."""

    @property
    def endpoint(self) -> str:
        """The address that producers connect to."""
        ...

    def receive(self, timeout_seconds: float) -> list[tuple[Peer, Parts]]:
        """Wait until something is there, or the timeout; then everything that is there, up to a bounded number."""
        ...

    def send(self, peer: Peer, parts: Parts) -> bool:
        """Hand over without waiting; False if the peer is gone or does not read."""
        ...

    def refused_handshakes(self) -> Mapping[str, int]:
        """Connections that were refused before they could say anything, by reason; none where there are no keys."""
        ...

    def close(self) -> None:
        """Give up the address."""
        ...


class Subscription(Protocol):
    """The daemon's ear on feeds that others publish. It only listens."""

    def receive(self) -> list[tuple[str, Parts]]:
        """What is there, each with the address of its feed, up to a bounded number and as many of each; never waits.

        The listener does the waiting, for both.
        """
        ...

    def close(self) -> None:
        """Listen no more."""
        ...


class Connection(Protocol):
    """A producer's end."""

    def receive(self, timeout_seconds: float) -> list[Parts]:
        """As of `Listener`."""
        ...

    def send(self, parts: Parts) -> bool:
        """Hand over without waiting; False if there is no daemon, or it does not read."""
        ...

    def obstacle(self, now: float) -> str:
        """Why there is no daemon yet, in words; nothing if nothing is known. To be asked while one is waited for."""
        ...

    def close(self) -> None:
        """Leave, after giving what was sent a moment to go out."""
        ...
