"""Asks a running daemon how it is."""

import json
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from streamer.errors import UnavailableError

DEFAULT_URL = "http://127.0.0.1:19377"
TIMEOUT_SECONDS = 5.0


def fetch_status(url: str = DEFAULT_URL) -> dict[str, Any]:
    """The status of the daemon at a URL; UnavailableError if nobody answers there."""
    address = f"{url.rstrip('/')}/api/v1/status"
    try:
        with urlopen(address, timeout=TIMEOUT_SECONDS) as response:
            found: dict[str, Any] = json.load(response)
            return found
    except (URLError, OSError, ValueError) as error:
        raise UnavailableError(
            "no daemon answers",
            got=f"{address}: {getattr(error, 'reason', error)}",
            remedy="start one with `streamer run`, or give its address with --url",
        ) from None
