"""The routes. All of them read the board; none of them can change anything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route

from streamer.clock import Clock
from streamer.telemetry.record import Board
from streamer.web.events import Feed
from streamer.web.probes import Probes
from streamer.web.site import Site


def application(board: Board, clock: Clock, feed: Feed | None = None) -> Starlette:
    """The HTTP interface of a daemon.

    /metrics for Prometheus; /-/healthy says no when the loop hangs; /-/ready says whether it does its work, and
    why not; /api/v1/… is everything as JSON, and as it happens; / is the page for people.
    """
    feed = Feed(board, clock) if feed is None else feed
    site = Site(board, clock, feed)
    probes = Probes(board, clock)

    @asynccontextmanager
    async def looking(application: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(feed.run())
        yield
        task.cancel()

    routes = [
        Route("/", site.index),
        Route("/static/{name}", site.static),
        Route("/metrics", probes.metrics),
        Route("/-/healthy", probes.healthy),
        Route("/-/ready", probes.ready),
        Route("/api/v1/status", site.whole_status),
        Route("/api/v1/streams/{name}", site.stream),
        Route("/api/v1/streams/{name}/history", site.past),
        Route("/api/v1/events", site.events),
    ]
    return Starlette(routes=routes, lifespan=looking)
