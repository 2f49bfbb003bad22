"""How many connections were refused before they could say anything, and why: the accounting, without a socket.

Every connection that is accepted succeeds, fails with a reason, or ends without one: ZeroMQ does not say why it hangs
up on what does not even begin like its protocol. Those are what is left over, once all the others are decided.
"""

from collections import Counter

import zmq

KEY, DAEMON_KEY, MECHANISM, MALFORMED, UNFINISHED = "key", "daemon_key", "mechanism", "malformed", "unfinished"
"""The key is not on the list; encrypted for another daemon; not encrypted; not the protocol; too slow, or hung up."""
EVENTS = (
    zmq.EVENT_ACCEPTED
    | zmq.EVENT_DISCONNECTED
    | zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
)
_PROTOCOL_REASONS = {
    int(zmq.PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC): DAEMON_KEY,
    int(zmq.PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH): MECHANISM,
}


class Handshakes:
    """Counts from events; `limit_seconds` is what a handshake may take.

    >>> handshakes = Handshakes(limit_seconds=5.0)
    >>> handshakes.take(zmq.EVENT_ACCEPTED, 7, now=0.0)
    >>> handshakes.take(zmq.EVENT_HANDSHAKE_FAILED_AUTH, 400, now=0.1)
    >>> dict(handshakes.refused(now=0.1))
    {'key': 1}
    """

    def __init__(self, *, limit_seconds: float) -> None:
        self._limit = limit_seconds
        self._failed: Counter[str] = Counter()
        self._accepted_at: dict[int, float] = {}
        """Open connections by descriptor."""
        self._accepted = 0
        self._succeeded = 0
        self._unexplained = 0

    def take(self, event: int, value: int, now: float) -> None:
        """One event of a listening socket."""
        match event:
            case zmq.EVENT_ACCEPTED:
                self._accepted += 1
                self._accepted_at[value] = now
            case zmq.EVENT_DISCONNECTED:
                self._accepted_at.pop(value, None)
            case zmq.EVENT_HANDSHAKE_SUCCEEDED:
                self._succeeded += 1
            case zmq.EVENT_HANDSHAKE_FAILED_AUTH:
                self._failed[KEY] += 1
            case zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL:
                self._failed[_PROTOCOL_REASONS.get(value, MALFORMED)] += 1
            case zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL:
                self._failed[UNFINISHED] += 1

    def refused(self, now: float) -> Counter[str]:
        """Refused connections by reason. One that ended unexplained is counted when none open can be meant."""
        undecided = sum(now - at < 2 * self._limit for at in self._accepted_at.values())
        left_over = self._accepted - self._succeeded - self._failed.total() - undecided
        self._unexplained = max(self._unexplained, left_over)
        return self._failed + Counter({MALFORMED: self._unexplained})
