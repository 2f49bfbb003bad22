"""Datagrams to the supervisor that started this process, where it has said that it listens (`sd_notify`)."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

from streamer.service.supervision import Supervision


class Notification:
    """The supervisor's socket: a path, or with @ before it an abstract name; empty is nobody."""

    def __init__(self, address: str) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) if address else None
        if self._socket is not None:
            self._socket.setblocking(False)

    def send(self, words: str) -> None:
        """Say it if anybody listens. A supervisor that is gone, or reads nothing, never stops the daemon."""
        if self._socket is not None:
            with suppress(OSError, ValueError):
                self._socket.sendto(words.encode(), self._address)

    def close(self) -> None:
        """Say no more."""
        if self._socket is not None:
            self._socket.close()


def patience_seconds(environment: Mapping[str, str]) -> float:
    """How long the supervisor lets this process be silent; 0 if it has not asked for a watchdog, or not this process.

    >>> patience_seconds({"WATCHDOG_USEC": "30000000"})
    30.0
    """
    of_another = environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid())
    microseconds = environment.get("WATCHDOG_USEC", "")
    return 0.0 if of_another or not microseconds.isascii() or not microseconds.isdigit() else int(microseconds) / 1e6


def supervision(notification: Notification, environment: Mapping[str, str]) -> Supervision:
    """What the loop tells, sent there."""
    return Supervision(notification.send, patience_seconds=patience_seconds(environment))
