"""Publishers that know when they are subscribed to, so that no test has to sleep before it publishes."""

from collections.abc import Sequence

import zmq

from streamer.transport.seam import Parts
from streamer.transport.subscription import ZmqSubscription


def wait(subscription: ZmqSubscription, timeout_seconds: float) -> None:
    """Until something is there, or the timeout."""
    zmq.select(list(subscription.sockets), [], [], timeout_seconds)


class Publishers:
    """XPUB sockets, which know when they are subscribed to."""

    def __init__(self, addresses: Sequence[str], *, high_water: int = 1000) -> None:
        self._context = zmq.Context()
        self.sockets: dict[str, zmq.Socket[bytes]] = {}
        for address in addresses:
            socket = self._context.socket(zmq.XPUB)
            socket.set(zmq.SNDHWM, high_water)
            socket.bind(address)
            self.sockets[socket.get_string(zmq.LAST_ENDPOINT)] = socket

    def wait_for_subscribers(self) -> None:
        for socket in self.sockets.values():
            assert socket.poll(10_000), "nobody subscribes"
            assert socket.recv() == b"\1"

    def publish(self, feed: str, parts: Parts) -> None:
        self.sockets[feed].send_multipart(parts)

    def close(self) -> None:
        for socket in self.sockets.values():
            socket.close(linger=0)
        self._context.term()
