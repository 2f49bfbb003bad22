"""Encrypted ZeroMQ (CURVE): only those whose key the daemon knows can say anything to it.

A peer may choose what a ROUTER calls it, so its key is read from every message and not remembered by that name.
"""

from collections.abc import Callable, Mapping

import zmq

from streamer.clock import Clock
from streamer.config.keys import KEY_LENGTH
from streamer.transport.doorkeeper import Doorkeeper
from streamer.transport.seam import Parts, Peer
from streamer.transport.zeromq import HANDSHAKE_MILLISECONDS, Wakes, ZmqListener, drain, receive_one, send

SELF_NAMED = "routing_id"
"""Why a message is dropped: its connection has chosen its own name, which may be another's."""


def new_pair() -> tuple[str, str]:
    """A new public and secret key. The public one begins with a letter or digit, which command lines and lists like.

    >>> public, secret = new_pair()
    >>> public == public_of(secret), len(public), len(secret)
    (True, 40, 40)
    """
    while True:
        public, secret = (key.decode() for key in zmq.curve_keypair())
        if public[0].isalnum():
            return public, secret


def public_of(secret: str) -> str:
    """The public key that belongs to a secret one."""
    return zmq.curve_public(secret.encode()).decode()


class CurveListener(ZmqListener):
    """The daemon's ROUTER for those whose public key `admits` says yes to; it is asked in another thread."""

    def __init__(
        self,
        endpoint: str,
        *,
        max_message_bytes: int,
        secret: str,
        admits: Callable[[str], bool],
        clock: Clock,
        wakes: Wakes = (),
    ) -> None:
        self._secret = secret
        self._admits = admits
        self._clock = clock
        self._self_named = 0
        super().__init__(endpoint, max_message_bytes=max_message_bytes, wakes=wakes)

    def receive(self, timeout_seconds: float) -> list[tuple[Peer, Parts]]:
        """As of `ZmqListener`; each peer's name begins with its key."""
        if not self._arrived(timeout_seconds):
            return []
        messages = drain(self._socket, named=True, receive=_receive_signed)
        named_by_us: list[tuple[Peer, Parts]] = [(peer, parts) for peer, *parts in messages if peer[KEY_LENGTH] == 0]
        self._self_named += len(messages) - len(named_by_us)
        return named_by_us

    def send(self, peer: Peer, parts: Parts) -> bool:
        """False if the peer is not connected or its queue is full."""
        return send(self._socket, [peer[KEY_LENGTH:], *parts])

    def refused_handshakes(self) -> Mapping[str, int]:
        """Connections that were refused, by reason, and messages of those that had named themselves."""
        refused = self._doorkeeper.refused()
        return {**refused, SELF_NAMED: self._self_named} if self._self_named else refused

    def close(self) -> None:
        """Dismiss the doorkeeper, then as ever."""
        self._doorkeeper.leave()
        super().close()

    def _protect(self) -> None:
        limit_seconds = HANDSHAKE_MILLISECONDS / 1000
        self._doorkeeper = Doorkeeper(
            self._socket, self._secret, self._admits, self._clock, limit_seconds=limit_seconds
        )


def _receive_signed(socket: "zmq.Socket[bytes]", named: bool) -> list[bytes]:
    """One message; the peer's name has its key in front, from the message itself."""
    name = socket.recv(zmq.NOBLOCK, copy=False)
    return [str(name.get("User-Id")).encode() + name.bytes, *receive_one(socket, named=False)]
