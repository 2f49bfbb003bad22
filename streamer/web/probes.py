"""Metrics and health: for machines that watch the daemon."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from streamer.clock import Clock
from streamer.telemetry.collector import exposition
from streamer.telemetry.record import Board
from streamer.telemetry.status import alive, health


class Probes:
    """For machines that watch the daemon. Answered in the web thread itself: a hand-over would wait for the learner."""

    def __init__(self, board: Board, clock: Clock) -> None:
        self._board = board
        self._clock = clock

    async def metrics(self, request: Request) -> Response:
        """What Prometheus scrapes."""
        page, content_type = exposition(self._board, request.headers.get("accept", ""), self._clock.monotonic())
        return Response(page, headers={"content-type": content_type})

    async def healthy(self, request: Request) -> Response:
        """Whether the loop still turns; if it has hung for a minute, the process had better be started again."""
        is_alive, answer = alive(self._board.record, self._clock.monotonic())
        return JSONResponse(answer, status_code=200 if is_alive else 503)

    async def ready(self, request: Request) -> Response:
        """Whether it does its work, and why not."""
        is_ready, reasons = health(self._board.record, self._clock.monotonic())
        return JSONResponse(reasons, status_code=200 if is_ready else 503)
