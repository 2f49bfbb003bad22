"""ZeroMQ: a PUB socket of our own, for whoever wants to listen. Nobody is waited for: who is slow misses some."""

import zmq

from streamer.errors import UnavailableError
from streamer.transport.seam import Parts

HIGH_WATER = 1024
"""Messages queued a listener; what comes when they are is not for that one."""


class ZmqPublisher:
    """Made, used and closed in one thread."""

    def __init__(self, endpoint: str) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.PUB)
        self._socket.set(zmq.SNDHWM, HIGH_WATER)
        self._socket.set(zmq.IPV6, "[" in endpoint)
        try:
            self._socket.bind(endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise UnavailableError(
                "predictions cannot be published there",
                got=f"{endpoint} ({error.strerror})",
                expected="a free address like tcp://127.0.0.1:15578",
                remedy="correct transport.publish",
            ) from None
        self.endpoint = self._socket.get_string(zmq.LAST_ENDPOINT)

    def publish(self, parts: Parts) -> None:
        """One message to whoever listens, without waiting."""
        self._socket.send_multipart(parts, flags=zmq.NOBLOCK, copy=True)

    def close(self) -> None:
        """Close the socket, then the context that owns its thread; what is queued is dropped."""
        self._socket.close(linger=0)
        self._context.term()
