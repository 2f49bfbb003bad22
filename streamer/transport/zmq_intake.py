"""Lines from ZeroMQ: PULL for programs that push, ROUTER for those that ask and are answered, SUB on a feed."""

import math
from collections.abc import Sequence
from typing import Literal

import zmq

from streamer.errors import UnavailableError
from streamer.transport.intake import Arrival
from streamer.transport.seam import Parts
from streamer.transport.zeromq import LINGER_MILLISECONDS, configure, drain, refuse_taken_path, send

FEED_HIGH_WATER = 4096
"""Messages of a feed that wait while the disk is busy; more are lost at the publisher, who does not wait."""
Kind = Literal["listen", "reply", "subscribe"]
_SOCKETS = {"listen": zmq.PULL, "reply": zmq.ROUTER, "subscribe": zmq.SUB}


class ZmqIntake:
    """PULL for programs that push, ROUTER for those that ask and are answered, SUB on a feed that is published."""

    def __init__(self, kind: Kind, endpoint: str, *, most_bytes: int) -> None:
        self.lossy = kind == "subscribe"
        self.ended = False
        self._answers = kind == "reply"
        self._context = zmq.Context()
        self.pollable = self._context.socket(_SOCKETS[kind])
        configure(self.pollable, endpoint)
        self.pollable.set(zmq.MAXMSGSIZE, most_bytes)
        try:
            self._open(kind, endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise UnavailableError(
                f"the address of --{kind} cannot be used",
                got=f"{endpoint} ({error.strerror})",
                expected="an address like tcp://127.0.0.1:15578 that no other program has",
            ) from None

    @property
    def endpoint(self) -> str:
        """The address, with its port filled in."""
        return self.pollable.get_string(zmq.LAST_ENDPOINT)

    def receive(self) -> list[Arrival]:
        """The last part of each message is its line; those before it say where an answer goes."""
        return [Arrival(line, sender) for *sender, line in drain(self.pollable, named=self._answers)]

    def answer(self, sender: Parts, answer: bytes) -> None:
        """Answer whoever asked; only a ROUTER can."""
        if self._answers:
            send(self.pollable, [*sender, answer])

    def close(self) -> None:
        """Close the socket, then the context that owns its thread."""
        self.pollable.close(linger=LINGER_MILLISECONDS)
        self._context.term()

    def _open(self, kind: Kind, endpoint: str) -> None:
        if kind == "subscribe":
            self.pollable.set(zmq.RCVHWM, FEED_HIGH_WATER)
            self.pollable.set(zmq.SUBSCRIBE, b"")
            self.pollable.connect(endpoint)
        else:
            refuse_taken_path(endpoint)
            self.pollable.bind(endpoint)


def wait_for_any(pollables: Sequence["zmq.Socket[bytes] | int"], timeout_seconds: float) -> None:
    """Wait until one of these sockets and descriptors has something to read, or the timeout."""
    poller = zmq.Poller()
    for pollable in pollables:
        poller.register(pollable, zmq.POLLIN)
    poller.poll(math.ceil(timeout_seconds * 1000))
