"""Asks a running daemon how it is."""

import json
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from streamer.errors import UnavailableError

TIMEOUT_SECONDS = 5.0


def fetch_status(url: str) -> dict[str, Any]:
    """The status of the daemon at a URL; UnavailableError if nobody answers there."""
    address = f"{url.rstrip('/')}/api/v1/status"
    try:
        with urlopen(address, timeout=TIMEOUT_SECONDS) as response:
            found: Any = json.load(response)
    except (URLError, OSError, ValueError) as error:
        raise UnavailableError(
            "no daemon answers",
            got=f"{address}: {getattr(error, 'reason', error)}",
            remedy="start one with `streamer run`, or give its address with --url",
        ) from None
    if not isinstance(found, dict) or not {"state", "streams"} <= found.keys():
        raise UnavailableError(
            "what answers is not a daemon of ours", got=address, remedy="give its address with --url"
        )
    answer: dict[str, Any] = found
    return answer
