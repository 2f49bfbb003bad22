"""Addresses of ZeroMQ: what is one, and whom it lets in."""

import ipaddress
from urllib.parse import urlsplit


def checked_endpoint(value: str) -> str:
    """The address itself; ValueError, with what to do, if it is none."""
    url = urlsplit(value)
    if url.scheme not in ("tcp", "ipc") or not (url.netloc or url.path):
        raise ValueError(f"got {value!r}, not an address; do this: write it like tcp://127.0.0.1:15577")
    if url.scheme == "tcp" and not _has_port(value):
        raise ValueError(f"got {value!r}, no port (1 to 65535, or * for any); do this: add one, like :15577")
    return value


def checked_feed(value: str) -> str:
    """The address of a feed to subscribe to; ValueError if it is none that can be connected to.

    >>> checked_feed("tcp://127.0.0.1:5556")
    'tcp://127.0.0.1:5556'
    """
    if "*" in checked_endpoint(value):
        raise ValueError(
            f"got {value!r}, which names no one publisher; do this: write its host and port, like tcp://127.0.0.1:5556"
        )
    return value


def _has_port(endpoint: str) -> bool:
    port = endpoint.rpartition(":")[2]
    return port == "*" or (port.isdecimal() and 0 < int(port) < 65536)


def is_loopback(endpoint: str) -> bool:
    """Whether only programs of this machine can reach an endpoint.

    >>> is_loopback("tcp://127.0.0.1:15577"), is_loopback("tcp://0.0.0.0:15577"), is_loopback("ipc:///run/s")
    (True, False, True)
    """
    if endpoint.startswith("ipc://"):
        return True
    host = endpoint.removeprefix("tcp://").rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
