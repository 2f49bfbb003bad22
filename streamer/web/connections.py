"""Connections that cost little: a bounded number of them, and none that keeps others out by doing nothing."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 64
REQUEST_SECONDS = 5.0
"""How long a connection may take to say what it wants. Between requests uvicorn's own keep-alive limit holds."""
STALLED_SECONDS = 10.0
"""How long a reader may leave unread what it has asked for."""
GRACE_SECONDS = 0.2
"""What an answer that is under way has left when the daemon stops; one that never ends, ends then."""


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 in which who asks gets through: when all places are taken, the longest idle connection makes room."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept, at the cost of one that waits; turn away only if all places are at work."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._turn_away_silent)
        self._stalled: asyncio.TimerHandle | None = None
        self.arrived = self.loop.time()
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._deadline.cancel()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The reader does not read: it has some seconds to begin."""
        self._stalled = self.loop.call_later(STALLED_SECONDS, self.transport.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        """The reader reads."""
        if self._stalled is not None:
            self._stalled.cancel()
        super().resume_writing()

    def shutdown(self) -> None:
        """The daemon stops: let a short answer end, and cut one that never does."""
        super().shutdown()
        self.loop.call_later(GRACE_SECONDS, self.transport.close)

    @property
    def idle(self) -> bool:
        """Whether no request is under way."""
        cycle = getattr(self, "cycle", None)
        return cycle is None or bool(cycle.response_complete)

    @property
    def closing(self) -> bool:
        """Whether it is about to leave."""
        return self.transport.is_closing()

    def _make_room(self) -> None:
        live = [other for other in self.connections if isinstance(other, BoundedProtocol) and not other.closing]
        if len(live) > CONNECTIONS:
            waiting = [other for other in live if other.idle and other is not self]
            (min(waiting, key=lambda other: other.arrived) if waiting else self).transport.close()

    def _turn_away_silent(self) -> None:
        if getattr(self, "cycle", None) is None:  # no request has come
            self.transport.close()
