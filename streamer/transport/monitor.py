"""What ZeroMQ tells of a socket's handshakes, as they happen in its own thread."""

import struct
from collections.abc import Iterator

import zmq

FAILURES = zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_HANDSHAKE_FAILED_AUTH
_EVENT = struct.Struct("=Hi")


class Monitor:
    """Events of one socket, kept until they are asked for."""

    def __init__(self, socket: "zmq.Socket[bytes]", events: int) -> None:
        address = f"inproc://monitor-{socket.FD}"
        socket.monitor(address, events)
        self._watched = socket
        self.socket = socket.context.socket(zmq.PAIR)
        self.socket.set(zmq.RCVHWM, 0)  # or ZeroMQ's thread would wait for us when there are very many
        self.socket.connect(address)

    def events(self) -> Iterator[tuple[int, int]]:
        """Each event since the last call, and its value: a descriptor, an error, a status."""
        while True:
            try:
                event, _address = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            yield _EVENT.unpack(event)

    def stop(self) -> None:
        """Hear no more; before either socket is closed, or ZeroMQ's thread would wait for a listener."""
        if not self._watched.closed:
            self._watched.disable_monitor()
