"""Those who may not come in: one connection of each kind that somebody without the right keys can make."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from typing import Protocol

import zmq

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"CURVE".ljust(20, b"\0") + bytes(32)
"""What a ZeroMQ peer with CURVE begins with."""
JUNK = b"let me in"


class Closable(Protocol):
    def close(self) -> None: ...


class Door:
    """A daemon's address and public key, as a stranger knows them; and a ZeroMQ context for very many sockets."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", endpoint: str, daemon_key: bytes) -> None:
        self.endpoint = endpoint
        self.daemon_key = daemon_key
        self.context = context

    def dealer(self, **options: int | bytes) -> "zmq.Socket[bytes]":
        """A DEALER that connects once and has something to say."""
        dealer = self.context.socket(zmq.DEALER)
        dealer.linger = 0
        dealer.set(zmq.RECONNECT_IVL, -1)
        for name, value in options.items():
            dealer.set(getattr(zmq, name), value)
        dealer.connect(self.endpoint)
        with suppress(zmq.Again):  # it may have been sent away already
            dealer.send(JUNK, zmq.NOBLOCK)
        return dealer

    def raw(self, data: bytes) -> socket.socket:
        """A TCP connection that says this and waits."""
        host, _, port = self.endpoint.removeprefix("tcp://").rpartition(":")
        connection = socket.create_connection((host, int(port)), timeout=10)
        connection.sendall(data)
        return connection


def unknown_key(door: Door) -> "zmq.Socket[bytes]":
    public, secret = zmq.curve_keypair()
    return door.dealer(CURVE_PUBLICKEY=public, CURVE_SECRETKEY=secret, CURVE_SERVERKEY=door.daemon_key)


def wrong_daemon_key(door: Door) -> "zmq.Socket[bytes]":
    public, secret = zmq.curve_keypair()
    other, _ = zmq.curve_keypair()
    return door.dealer(CURVE_PUBLICKEY=public, CURVE_SECRETKEY=secret, CURVE_SERVERKEY=other)


def no_key(door: Door) -> "zmq.Socket[bytes]":
    return door.dealer()


def password(door: Door) -> "zmq.Socket[bytes]":
    return door.dealer(PLAIN_USERNAME=b"daemon", PLAIN_PASSWORD=b"secret")


def browser(door: Door) -> socket.socket:
    return door.raw(b"GET / HTTP/1.1\r\nHost: daemon\r\n\r\n")


def noise(door: Door) -> socket.socket:
    return door.raw(bytes(range(256)) * 16)


def old_protocol(door: Door) -> socket.socket:
    return door.raw(b"\xff" + bytes(8) + b"\x7f\x01" + bytes(64))


def bad_command(door: Door) -> socket.socket:
    return door.raw(GREETING + b"\x04\xc8\x05HELLO" + bytes(194))


def huge_command(door: Door) -> socket.socket:
    return door.raw(GREETING + b"\x06" + b"\xff" * 8 + bytes(1000))


def silent(door: Door) -> socket.socket:
    return door.raw(b"")


def half_open(door: Door) -> socket.socket:
    return door.raw(GREETING)


Kind = Callable[[Door], Closable]
KINDS: dict[str, tuple[Kind, set[str]]] = {
    "unknown key": (unknown_key, {"key"}),
    "wrong daemon key": (wrong_daemon_key, {"daemon_key"}),
    # either side may notice first, and hang up
    "no key": (no_key, {"mechanism", "unfinished"}),
    "password": (password, {"mechanism", "unfinished"}),
    "browser": (browser, {"malformed"}),
    "noise": (noise, {"malformed"}),
    "old protocol": (old_protocol, {"malformed"}),
    "bad command": (bad_command, {"malformed", "daemon_key"}),
    "huge command": (huge_command, {"malformed", "unfinished"}),
    "silent": (silent, {"unfinished"}),
    "half open": (half_open, {"unfinished"}),
}
"""How each comes, and the reasons that it may be counted under."""
THAT_STAY = (silent, half_open)
"""Those that are not sent away before their time is up."""


@contextmanager
def strangers(endpoint: str, daemon_key: str, count: int, kinds: tuple[Kind, ...] = ()) -> Iterator[None]:
    """`count` connections of the given kinds, or all kinds, in turn; each stays as long as it can."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    context.set(zmq.MAX_SOCKETS, 2 * count + 100)
    door = Door(context, endpoint, daemon_key.encode())
    chosen = kinds or tuple(kind for kind, _ in KINDS.values())
    connections: list[Closable] = []
    try:
        connections += [kind(door) for kind in islice(cycle(chosen), count)]
        yield
    finally:
        for connection in connections:
            connection.close()
        context.term()
