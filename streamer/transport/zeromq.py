"""ZeroMQ: the daemon binds a ROUTER, producers connect a DEALER. Sockets are made, used and closed in one thread."""

import socket as os_socket
from collections.abc import Callable, Mapping, Sequence

import zmq

from streamer.config.keys import Credentials
from streamer.errors import UnavailableError
from streamer.transport.dialling import Dialling
from streamer.transport.seam import Parts, Peer

HIGH_WATER = 256
"""Messages queued a connection and direction, on each side. Finite, so that a peer that does not read costs little."""
DRAIN_MESSAGES, DRAIN_BYTES = 1024, 16 * 1024 * 1024
"""Taken at once, whichever is reached first, so that a flood costs little memory and cannot keep us from learning."""
MOST_PARTS = 4
"""More than any message of ours has, the peer's name included."""
LINGER_MILLISECONDS = 500
HEARTBEAT_MILLISECONDS = 2000
HANDSHAKE_MILLISECONDS = 5000
"""As long as a stranger may hold a descriptor; some round trips, and the longest that the daemon may be busy."""
BACKLOG = 1024
"""Connections that may wait to be taken: a crowd of strangers must not make others wait for a second try."""
Wakes = Sequence["zmq.Socket[bytes]"]
"""Sockets that a wait for messages ends for, though others read them."""
Receive = Callable[["zmq.Socket[bytes]", bool], list[bytes]]
"""Takes one message; told whether a peer's name is in front of it."""


class ZmqListener:
    """The daemon's ROUTER."""

    def __init__(self, endpoint: str, *, max_message_bytes: int, wakes: Wakes = ()) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        self._poller = zmq.Poller()
        for socket in (self._socket, *wakes):
            self._poller.register(socket, zmq.POLLIN)
        configure(self._socket, endpoint)
        self._socket.set(zmq.MAXMSGSIZE, max_message_bytes)
        self._socket.set(zmq.ROUTER_MANDATORY, 1)
        self._socket.set(zmq.BACKLOG, BACKLOG)
        self._protect()
        try:
            refuse_taken_path(endpoint)
            self._socket.bind(endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise _cannot_bind(endpoint, error) from None

    def _protect(self) -> None:
        """What is to be done before anyone can connect."""

    @property
    def endpoint(self) -> str:
        """The address bound, with its port filled in."""
        return self._socket.get_string(zmq.LAST_ENDPOINT)

    def receive(self, timeout_seconds: float) -> list[tuple[Peer, Parts]]:
        """Poll once, sockets that it `wakes` for too, then drain without waiting."""
        if not self._arrived(timeout_seconds):
            return []
        return [(peer, parts) for peer, *parts in drain(self._socket, named=True)]

    def _arrived(self, timeout_seconds: float) -> bool:
        """Wait for something, here or elsewhere; whether it is here."""
        return self._socket in dict(self._poller.poll(int(timeout_seconds * 1000)))

    def send(self, peer: Peer, parts: Parts) -> bool:
        """False if the peer is not connected or its queue is full."""
        return send(self._socket, [peer, *parts])

    def refused_handshakes(self) -> Mapping[str, int]:
        """None: without keys all are let in."""
        return {}

    def close(self) -> None:
        """Close the socket, then the context that owns its thread."""
        self._socket.close(linger=LINGER_MILLISECONDS)
        self._context.term()


class ZmqConnection:
    """A producer's DEALER, encrypted if there are credentials.

    It reconnects by itself for ever; nothing is queued while there is no daemon.
    """

    def __init__(self, endpoint: str, *, max_message_bytes: int, credentials: Credentials | None = None) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        configure(self._socket, endpoint)
        self._socket.set(zmq.MAXMSGSIZE, max_message_bytes)
        self._socket.set(zmq.IMMEDIATE, 1)
        self._socket.set(zmq.RECONNECT_IVL, 100)
        self._socket.set(zmq.RECONNECT_IVL_MAX, 2000)
        if credentials is not None:
            self._socket.set_string(zmq.CURVE_SECRETKEY, credentials.secret)
            self._socket.set(zmq.CURVE_PUBLICKEY, zmq.curve_public(credentials.secret.encode()))
            self._socket.set_string(zmq.CURVE_SERVERKEY, credentials.daemon)
        self._dialling = Dialling(self._socket, endpoint, with_keys=credentials is not None)
        try:
            self._socket.connect(endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise UnavailableError(
                "the daemon's address cannot be used",
                got=f"{endpoint} ({error.strerror})",
                expected="an address like tcp://127.0.0.1:15577",
            ) from None

    @property
    def pollable(self) -> "zmq.Socket[bytes]":
        """What to wait on, for who waits on more than this."""
        return self._socket

    def receive(self, timeout_seconds: float) -> list[Parts]:
        """Poll once, then drain without waiting."""
        return list(drain(self._socket)) if self._socket.poll(int(timeout_seconds * 1000)) else []

    def send(self, parts: Parts) -> bool:
        """False if there is no daemon or the queue is full."""
        return send(self._socket, parts)

    def obstacle(self, now: float) -> str:
        """What became of the last handshake, if it failed."""
        return self._dialling.obstacle(now)

    def close(self) -> None:
        """Close the socket, then the context that owns its thread."""
        self._dialling.close()
        self._socket.close(linger=LINGER_MILLISECONDS)
        self._context.term()


def configure(socket: "zmq.Socket[bytes]", endpoint: str) -> None:
    """What both ends have in common: finite queues, heartbeats, a limit on handshakes."""
    socket.set(zmq.SNDHWM, HIGH_WATER)
    socket.set(zmq.RCVHWM, HIGH_WATER)
    socket.set(zmq.HEARTBEAT_IVL, HEARTBEAT_MILLISECONDS)
    socket.set(zmq.HEARTBEAT_TIMEOUT, 3 * HEARTBEAT_MILLISECONDS)
    socket.set(zmq.HANDSHAKE_IVL, HANDSHAKE_MILLISECONDS)
    socket.set(zmq.IPV6, "[" in endpoint)  # where it is on, IPv4 addresses are reported in IPv6 dress


def drain(
    socket: "zmq.Socket[bytes]", *, named: bool = False, share: int = 1, receive: Receive | None = None
) -> list[list[bytes]]:
    """What has arrived, without waiting; of several sockets that are drained in turn each gets its share."""
    receive = receive or receive_one
    messages: list[list[bytes]] = []
    most, room = DRAIN_MESSAGES // share, DRAIN_BYTES // share
    try:
        while len(messages) < most and room > 0:
            messages.append(receive(socket, named))
            room -= sum(map(len, messages[-1]))
    except zmq.Again:
        pass
    return messages


def receive_one(socket: "zmq.Socket[bytes]", named: bool) -> list[bytes]:
    """One message; of one with very many parts only the first few, so that it is refused and costs no memory."""
    parts = [socket.recv(zmq.NOBLOCK)]
    if named:  # a ROUTER puts the peer's name in front: there is always a second part
        parts.append(socket.recv(zmq.NOBLOCK))
    while socket.get(zmq.RCVMORE):
        part = socket.recv(zmq.NOBLOCK)
        if len(parts) < MOST_PARTS:
            parts.append(part)
    return parts


def send(socket: "zmq.Socket[bytes]", parts: Parts) -> bool:
    """Hand over without waiting; False if nobody takes it."""
    try:
        if len(parts) == 1:  # half the time
            socket.send(parts[0], zmq.NOBLOCK)
        else:
            socket.send_multipart(parts, zmq.NOBLOCK)
    except zmq.Again:
        return False
    except zmq.ZMQError as error:
        if error.errno != zmq.EHOSTUNREACH:
            raise
        return False
    return True


def refuse_taken_path(endpoint: str) -> None:
    """ZMQError if somebody listens at an ipc path: ZeroMQ would take the path away from him without a word."""
    if not endpoint.startswith("ipc://"):
        return
    with os_socket.socket(os_socket.AF_UNIX) as probe:
        try:
            probe.connect(endpoint.removeprefix("ipc://"))
        except OSError:
            return
    raise zmq.ZMQError(zmq.EADDRINUSE)


def _cannot_bind(endpoint: str, error: zmq.ZMQError) -> UnavailableError:
    if error.errno == zmq.EADDRINUSE:
        return UnavailableError(
            "the address for producers is in use",
            got=endpoint,
            remedy="stop the program that has it (perhaps another daemon), or set transport.listen to another port",
        )
    return UnavailableError(
        "the address for producers cannot be bound",
        got=f"{endpoint} ({error.strerror})",
        expected="an address of this machine, like tcp://127.0.0.1:15577",
    )
