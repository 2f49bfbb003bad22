"""Connections that cost little: a bounded number of them, and none that says nothing."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 64
REQUEST_SECONDS = 5.0
"""How long a connection may take to say what it wants. Between requests uvicorn's own keep-alive limit holds."""


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection too many at once, and a silent one after a few seconds."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept, or turn away; a scraper must never find all places taken by sockets that only wait."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._turn_away_silent)
        if len(self.connections) > CONNECTIONS:
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._deadline.cancel()
        super().connection_lost(exc)

    def _turn_away_silent(self) -> None:
        if getattr(self, "cycle", None) is None:  # no request has come
            self.transport.close()
