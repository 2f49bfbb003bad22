"""ZeroMQ: a SUB socket for each PUB feed that others publish. Made, used and closed in the listener's thread."""

from collections.abc import Sequence

import zmq

from streamer.errors import UnavailableError
from streamer.transport.seam import Parts
from streamer.transport.zeromq import drain

HIGH_WATER = 1024
"""Messages queued a feed. What does not fit waits with the publisher, which loses it when its own queue is full."""
_KEEP_ALIVE_SECONDS = 10


class ZmqSubscription:
    """One socket a feed, so that it is known which feed a message is from, and none can crowd out another."""

    def __init__(self, endpoints: Sequence[str], *, max_message_bytes: int) -> None:
        self._context = zmq.Context()
        self._feeds: dict[str, zmq.Socket[bytes]] = {}
        for endpoint in endpoints:
            self._feeds[endpoint] = self._connect(endpoint, max_message_bytes)

    @property
    def sockets(self) -> tuple["zmq.Socket[bytes]", ...]:
        """What a listener has to wake for."""
        return tuple(self._feeds.values())

    def receive(self) -> list[tuple[str, Parts]]:
        """Drain every feed without waiting; each gets the same share."""
        share = len(self._feeds)
        return [(feed, parts) for feed, socket in self._feeds.items() for parts in drain(socket, share=share)]

    def close(self) -> None:
        """Close the sockets, then the context that owns their thread."""
        for socket in self._feeds.values():
            socket.close(linger=0)
        self._context.term()

    def _connect(self, endpoint: str, max_message_bytes: int) -> "zmq.Socket[bytes]":
        socket = self._context.socket(zmq.SUB)
        socket.set(zmq.RCVHWM, HIGH_WATER)
        socket.set(zmq.MAXMSGSIZE, max_message_bytes)
        socket.set(zmq.RECONNECT_IVL, 100)
        socket.set(zmq.RECONNECT_IVL_MAX, 2000)
        socket.set(zmq.IPV6, "[" in endpoint)
        # A publisher whose machine has lost power says nothing. TCP's heartbeats work with any, however old its ZeroMQ.
        socket.set(zmq.TCP_KEEPALIVE, 1)
        socket.set(zmq.TCP_KEEPALIVE_IDLE, _KEEP_ALIVE_SECONDS)
        socket.set(zmq.TCP_KEEPALIVE_INTVL, _KEEP_ALIVE_SECONDS)
        socket.set(zmq.TCP_KEEPALIVE_CNT, 3)
        socket.set(zmq.SUBSCRIBE, b"")
        try:
            socket.connect(endpoint)
        except zmq.ZMQError as error:
            socket.close(linger=0)
            self.close()
            raise UnavailableError(
                "a feed's address cannot be used",
                got=f"{endpoint} ({error.strerror})",
                expected="an address like tcp://127.0.0.1:5556",
                remedy="correct transport.subscribe",
            ) from None
        return socket
