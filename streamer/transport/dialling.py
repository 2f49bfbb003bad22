"""A producer's attempts to reach its daemon: why one failed, in words, and another where ZeroMQ makes none."""

import zmq

from streamer.transport.monitor import FAILURES, Monitor

REDIAL_SECONDS = 1.0
_WITH_KEYS = "the handshake was broken off: is what was given as the daemon's key the right one?"
_WITHOUT_KEYS = "the handshake was broken off: does the daemon let in keys only?"


class Dialling:
    """Watches one connecting socket. ZeroMQ gives an address up for good where it was refused; this does not."""

    def __init__(self, socket: "zmq.Socket[bytes]", endpoint: str, *, with_keys: bool) -> None:
        self._socket = socket
        self._endpoint = endpoint
        self._with_keys = with_keys
        self._monitor = Monitor(socket, FAILURES | zmq.EVENT_HANDSHAKE_SUCCEEDED)
        self._obstacle = ""
        self._redial_at: float | None = None

    def obstacle(self, now: float) -> str:
        """Why the last handshake failed; nothing if it did not."""
        for event, value in self._monitor.events():
            self._obstacle = obstacle_after(event, value, with_keys=self._with_keys, before=self._obstacle)
            if event in (zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL):
                self._redial_at = now + REDIAL_SECONDS
        if self._redial_at is not None and now >= self._redial_at:
            self._redial_at = None
            self._socket.disconnect(self._endpoint)
            self._socket.connect(self._endpoint)
        return self._obstacle

    def close(self) -> None:
        """Watch no longer; before the socket is closed."""
        self._monitor.stop()
        self._monitor.socket.close(linger=0)


def obstacle_after(event: int, value: int, *, with_keys: bool, before: str) -> str:
    """What stands in the way, in words, once a socket has told this event; `before` is what stood there until then.

    >>> obstacle_after(zmq.EVENT_HANDSHAKE_SUCCEEDED, 0, with_keys=True, before="the daemon has no keys")
    ''
    """
    if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
        return ""
    if event == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
        return "the daemon does not let this key in: its public key belongs on the list in transport.allow"
    if event == zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL and value == zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH:
        return "the daemon has no keys" if with_keys else "the daemon lets in keys only"
    return before or (_WITH_KEYS if with_keys else _WITHOUT_KEYS)  # what stood there said more
