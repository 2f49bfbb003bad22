"""The page and the API: what people and programs ask of the daemon."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from streamer.clock import Clock
from streamer.telemetry.closeup import closeup, encoded
from streamer.telemetry.record import Board, ServiceRecord, StreamRecord
from streamer.telemetry.status import judged, status
from streamer.web.events import RETRY_MILLISECONDS, Feed
from streamer.web.files import answer, packed, static_files
from streamer.web.page import PAGE_HEADERS, page


class Site:
    """For people and programs: the page, and the JSON that it is made of."""

    def __init__(self, board: Board, clock: Clock, feed: Feed) -> None:
        self._board = board
        self._clock = clock
        self._feed = feed
        self._files = static_files()

    async def index(self, request: Request) -> Response:
        """The page as it is now; its script keeps it so."""
        html = page(self._status(), request.query_params.get("stream"), self._clock.wall())
        return packed(html.encode(), "text/html", request, headers=PAGE_HEADERS)

    async def static(self, request: Request) -> Response:
        """A file of the page."""
        file = self._files.get(request.path_params["name"])
        return _nothing("file") if file is None else answer(file, request)

    async def whole_status(self, request: Request) -> Response:
        """Everything that is published."""
        return JSONResponse(self._status())

    async def stream(self, request: Request) -> Response:
        """One stream seen closely."""
        found = self._find(request)
        if found is None:
            return _nothing("stream")
        seen = closeup(found, self._record(), self._clock.wall())
        seen["recent_samples_per_second"] = self._feed.history.rate(found.name)
        return packed(encoded(seen), "application/json", request)

    async def past(self, request: Request) -> Response:
        """One stream's last ten minutes as columns, and the id of the event to go on from."""
        found = self._find(request)
        if found is None:
            return _nothing("stream")
        history = self._feed.history
        told: dict[str, Any] = {"last_event": history.newest(), "columns": history.columns(found.name)}
        if found.standings.members:
            told["shares"] = history.shares(found.name)
        return packed(encoded(told), "application/json", request)

    async def events(self, request: Request) -> Response:
        """What comes, as it comes: from `after` on, or from where the reader was."""
        if self._feed.full:
            retry = {"Retry-After": str(RETRY_MILLISECONDS // 1000)}
            return JSONResponse({"error": "too many listeners"}, status_code=503, headers=retry)
        last = request.headers.get("last-event-id") or request.query_params.get("after")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._feed.listen(last), media_type="text/event-stream", headers=headers)

    def _status(self) -> dict[str, Any]:
        told = status(self._record(), self._clock.wall())
        for name, stream in told["streams"].items():
            stream["recent_samples_per_second"] = self._feed.history.rate(name)
        return told

    def _record(self) -> ServiceRecord:
        return judged(self._board.record, self._clock.monotonic())

    def _find(self, request: Request) -> StreamRecord | None:
        name = request.path_params["name"]
        return next((stream for stream in self._board.record.streams if stream.name == name), None)


def _nothing(what: str) -> Response:
    return JSONResponse({"error": f"no such {what}"}, status_code=404)
