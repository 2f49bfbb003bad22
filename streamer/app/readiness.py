"""Asks a daemon whether it is ready, for health checks: one request, one answer, soon."""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from streamer.app.direct import open_direct


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a daemon does its work; if not, why."""

    ready: bool
    reasons: tuple[str, ...] = ()


def ask_readiness(url: str, timeout_seconds: float) -> Readiness:
    """What /-/ready says at a URL. Nobody there, or somebody else, is not ready: this raises nothing."""
    address = f"{url.rstrip('/')}/-/ready"
    try:
        with open_direct(address, timeout_seconds) as response:
            return _understood(json.load(response), address)
    except HTTPError as refusal:
        return _refused(refusal, address)
    except HTTPException:  # it quotes what came, which may command a terminal
        return _stranger(address)
    except (OSError, ValueError) as error:
        return Readiness(False, (f"no daemon answers at {address}: {getattr(error, 'reason', error)}",))


def _refused(refusal: HTTPError, address: str) -> Readiness:
    try:
        with refusal:
            answer = _understood(json.load(refusal), address)
    except (OSError, HTTPException, ValueError):
        return _stranger(address)
    return Readiness(False, answer.reasons)


def _understood(answer: Any, address: str) -> Readiness:
    """The answer of a daemon of ours: its state, and the reasons if it is another than ready."""
    if not isinstance(answer, dict) or not isinstance(answer.get("reasons"), list) or "state" not in answer:
        return _stranger(address)
    ready = answer["state"] == "ready"
    return Readiness(ready, () if ready else tuple(map(str, answer["reasons"])) or (f"it is {answer['state']}",))


def _stranger(address: str) -> Readiness:
    return Readiness(False, (f"what answers at {address} is not a daemon of ours",))
