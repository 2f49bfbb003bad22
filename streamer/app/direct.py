"""Requests to a daemon, straight to its address: the environment's proxy knows nothing of this machine's ports."""

from typing import IO
from urllib.request import ProxyHandler, build_opener


def open_direct(address: str, timeout_seconds: float) -> IO[bytes]:
    """The answer at an address; what urllib raises."""
    answer: IO[bytes] = build_opener(ProxyHandler({})).open(address, timeout=timeout_seconds)
    return answer
