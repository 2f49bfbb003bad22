"""Who may come in: answers each handshake, and counts those that fail, in a thread of its own.

So strangers at the door cost the learning thread nothing, and a friend does not wait for it.
"""

import threading
from collections import Counter
from collections.abc import Callable

import zmq
from zmq.utils import z85

from streamer.clock import Clock
from streamer.transport.handshakes import EVENTS, Handshakes
from streamer.transport.monitor import Monitor

_DOMAIN = b"streamer"
_ZAP = "inproc://zeromq.zap.01"
_ADMITTED, _REFUSED = b"200", b"400"


class Doorkeeper:
    """Guards one socket that is not bound yet; ends when the socket's context does.

    `admits` is asked for each public key, in the doorkeeper's thread.
    """

    def __init__(
        self,
        socket: "zmq.Socket[bytes]",
        secret: str,
        admits: Callable[[str], bool],
        clock: Clock,
        *,
        limit_seconds: float,
    ) -> None:
        self._admits = admits
        self._clock = clock
        self._handshakes = Handshakes(limit_seconds=limit_seconds)
        self._lock = threading.Lock()
        self._zap = socket.context.socket(zmq.REP)
        self._zap.bind(_ZAP)
        socket.set(zmq.CURVE_SERVER, 1)
        socket.set_string(zmq.CURVE_SECRETKEY, secret)
        socket.set(zmq.ZAP_DOMAIN, _DOMAIN)
        socket.set(zmq.ZAP_ENFORCE_DOMAIN, 1)  # nobody gets in unasked
        self._monitor = Monitor(socket, EVENTS)
        threading.Thread(target=self._run, name="doorkeeper", daemon=True).start()

    def refused(self) -> Counter[str]:
        """Refused connections by reason."""
        with self._lock:
            return self._handshakes.refused(self._clock.monotonic())

    def leave(self) -> None:
        """Watch no longer; before the guarded socket is closed."""
        self._monitor.stop()

    def _run(self) -> None:
        poller = zmq.Poller()
        poller.register(self._zap, zmq.POLLIN)
        poller.register(self._monitor.socket, zmq.POLLIN)
        try:
            while True:
                ready = dict(poller.poll())
                if self._zap in ready:
                    self._answer()
                if self._monitor.socket in ready:
                    self._count()
        except zmq.ContextTerminated:
            pass  # the guarded socket is closed
        finally:  # else its context could never be
            self._zap.close(linger=0)
            self._monitor.socket.close(linger=0)

    def _answer(self) -> None:
        """Say whether a key may come in (ZeroMQ's ZAP, RFC 27); it becomes the user id of all that its peer sends."""
        version, request_id, *_, key = self._zap.recv_multipart()
        public = z85.encode(key).decode()
        status = _ADMITTED if self._may_enter(public) else _REFUSED
        self._zap.send_multipart([version, request_id, status, b"", public.encode(), b""])

    def _may_enter(self, public: str) -> bool:
        """A key that cannot be judged stays out; nobody else must have to for that."""
        try:
            return self._admits(public)
        except Exception:  # whatever it is, a door without a keeper would let in no one ever again
            return False

    def _count(self) -> None:
        with self._lock:
            for event, value in self._monitor.events():
                self._handshakes.take(event, value, self._clock.monotonic())
