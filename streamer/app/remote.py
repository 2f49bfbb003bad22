"""Asks a running daemon how it is."""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

from streamer.app.direct import open_direct
from streamer.errors import StreamerError, UnavailableError

TIMEOUT_SECONDS = 5.0
NOT_FOUND = 404


def fetch_status(url: str) -> dict[str, Any]:
    """The status of the daemon at a URL; UnavailableError if nobody answers there."""
    answer = _fetch(url, "status")
    if not isinstance(answer, dict) or not {"state", "streams"} <= answer.keys():
        raise _stranger(url)
    return answer


def fetch_stream(url: str, name: str) -> dict[str, Any]:
    """One stream seen closely; StreamerError if the daemon does not have it, UnavailableError if nobody answers."""
    answer = _fetch(url, f"streams/{quote(name, safe='')}")
    if answer is None:
        raise no_stream(name)
    if not isinstance(answer, dict) or "recent" not in answer:
        raise _stranger(url)
    return answer


def no_stream(name: str) -> StreamerError:
    """The daemon does not have the stream that the user named."""
    return StreamerError(f"the daemon has no stream {name!r}", remedy="`streamer status` tells those that it has")


def _fetch(url: str, what: str) -> Any:
    """The JSON at a path of the API; None if there is nothing."""
    address = f"{url.rstrip('/')}/api/v1/{what}"
    try:
        with open_direct(address, TIMEOUT_SECONDS) as response:
            return json.load(response)
    except HTTPError as error:
        with error:
            if error.code == NOT_FOUND:
                return None
        raise _stranger(url) from None
    except HTTPException:  # it quotes what came, which may command a terminal
        raise _stranger(url) from None
    except (OSError, ValueError) as error:
        raise UnavailableError(
            "no daemon answers",
            got=f"{address}: {getattr(error, 'reason', error)}",
            remedy="start one with `streamer run`, or give its address with --url",
        ) from None


def _stranger(url: str) -> UnavailableError:
    return UnavailableError("what answers is not a daemon of ours", got=url, remedy="give its address with --url")
