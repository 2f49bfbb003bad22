"""The routes. All of them read the board; none of them can change anything."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from streamer.telemetry.collector import CONTENT_TYPE, exposition
from streamer.telemetry.record import Board
from streamer.telemetry.status import health, status


def application(board: Board) -> Starlette:
    """The HTTP interface of a daemon.

    /metrics for Prometheus; /-/healthy answers while the process lives; /-/ready says whether it does its work, and
    why not; /api/v1/status is everything as JSON.
    """

    def metrics(request: Request) -> Response:
        return Response(exposition(board), media_type=CONTENT_TYPE)

    def healthy(request: Request) -> Response:
        return JSONResponse({"state": board.record.state})

    def ready(request: Request) -> Response:
        is_ready, reasons = health(board.record)
        return JSONResponse(reasons, status_code=200 if is_ready else 503)

    def whole_status(request: Request) -> Response:
        return JSONResponse(status(board.record))

    def index(request: Request) -> Response:
        return PlainTextResponse("streamer\n\n" + "".join(f"{route.path}\n" for route in routes if route.path != "/"))

    routes = [
        Route("/", index),
        Route("/metrics", metrics),
        Route("/-/healthy", healthy),
        Route("/-/ready", ready),
        Route("/api/v1/status", whole_status),
    ]
    return Starlette(routes=routes)
