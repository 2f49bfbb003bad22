"""What stands between a producer and its daemon, in words, from made-up events: which ones a socket tells is chance."""

import pytest
import zmq

from streamer.transport.dialling import obstacle_after

AUTH, NO_DETAIL = zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
PROTOCOL, MISMATCH = zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH


@pytest.mark.parametrize(
    ("event", "value", "with_keys", "words"),
    [
        (AUTH, 400, True, "does not let this key in"),
        (PROTOCOL, MISMATCH, True, "the daemon has no keys"),
        (PROTOCOL, MISMATCH, False, "the daemon lets in keys only"),
        (PROTOCOL, zmq.PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND, True, "is what was given as the daemon's key"),
        (NO_DETAIL, 0, True, "is what was given as the daemon's key"),
        (NO_DETAIL, 0, False, "does the daemon let in keys only?"),
    ],
)
def test_each_failure_says_what_to_look_at(event: int, value: int, with_keys: bool, words: str) -> None:
    assert words in obstacle_after(event, value, with_keys=with_keys, before="")


@pytest.mark.parametrize("with_keys", [True, False])
def test_a_failure_without_a_reason_leaves_the_reason_that_was_known(with_keys: bool) -> None:
    assert obstacle_after(NO_DETAIL, 0, with_keys=with_keys, before="a reason") == "a reason"


def test_a_handshake_that_succeeds_removes_every_obstacle() -> None:
    assert obstacle_after(zmq.EVENT_HANDSHAKE_SUCCEEDED, 0, with_keys=True, before="a reason") == ""
