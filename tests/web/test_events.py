import contextlib
import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from streamer.clock import FakeClock
from streamer.telemetry.record import Board
from streamer.web.application import application
from streamer.web.events import LISTENERS, Feed
from streamer.web.server import serving
from tests.telemetry.records import SERVICE


@dataclass
class Listener:
    """A reader of server-sent events, line by line."""

    answer: http.client.HTTPResponse

    def event(self) -> tuple[str, dict]:  # type: ignore[type-arg]
        lines: list[str] = []
        while not (lines and lines[-1] == "" and any(line.startswith("data: ") for line in lines)):
            line = self.answer.readline()
            assert line, "the stream has ended"
            lines.append(line.decode().rstrip("\n"))
        fields = dict(line.split(": ", 1) for line in lines if line)
        return fields["id"], json.loads(fields["data"])


@pytest.fixture
def feed() -> Feed:
    board = Board(started_at=1000.0)
    board.publish(SERVICE)
    return Feed(board, FakeClock(), seconds=0.01)


@pytest.fixture
def url(feed: Feed) -> Iterator[str]:
    with serving(application(feed._board, FakeClock(), feed), "127.0.0.1", 0) as address:
        yield address.removeprefix("http://")


@contextlib.contextmanager
def listening(url: str, path: str = "/api/v1/events", **headers: str) -> Iterator[Listener]:
    connection = http.client.HTTPConnection(url, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        yield Listener(answer)
    finally:
        connection.close()


def number(name: str) -> int:
    return int(name.partition("-")[2])


def test_events_come_one_after_the_other_with_all_streams(url: str) -> None:
    with listening(url) as listener:
        names, moments = zip(*(listener.event() for _ in range(5)), strict=True)
    assert [number(name) for name in names] == list(range(number(names[0]), number(names[0]) + 5))
    assert all(set(moment["streams"]) == {"busy", "fresh", "series"} for moment in moments)


@pytest.mark.parametrize("way", ["header", "query"])
def test_a_listener_goes_on_where_it_was(url: str, way: str) -> None:
    with listening(url) as listener:
        last, _ = listener.event()
        listener.event()
    path, headers = "/api/v1/events", {}
    if way == "header":
        headers = {"Last-Event-ID": last}
    else:
        path += f"?after={last}"
    with listening(url, path, **headers) as listener:
        assert number(listener.event()[0]) == number(last) + 1


def test_a_listener_of_a_daemon_that_started_again_gets_all_there_is(url: str) -> None:
    with listening(url, **{"Last-Event-ID": "ffff-99"}) as listener:
        assert number(listener.event()[0]) == 1


def test_the_history_of_a_stream_leads_into_the_events(url: str) -> None:
    connection = http.client.HTTPConnection(url, timeout=10)
    connection.request("GET", "/api/v1/streams/busy/history")
    past = json.loads(connection.getresponse().read())
    connection.close()
    assert len(past["columns"]["at"]) == number(past["last_event"])
    with listening(url, f"/api/v1/events?after={past['last_event']}") as listener:
        assert number(listener.event()[0]) == number(past["last_event"]) + 1


def refused_once(url: str) -> bool:
    connection = http.client.HTTPConnection(url, timeout=10)
    connection.request("GET", "/api/v1/events")
    answer = connection.getresponse()
    connection.close()
    return (answer.status, answer.headers["retry-after"]) == (503, "1")


def test_one_listener_too_many_is_told_to_come_again_and_finds_a_place_when_one_has_left(url: str) -> None:
    others = [listening(url) for _ in range(LISTENERS)]
    for other in others:
        other.__enter__().event()
    assert refused_once(url)
    others.pop().__exit__(None, None, None)
    while refused_once(url):  # the server learns of it with its next event
        pass
    with listening(url) as listener:
        listener.event()
    for other in others:
        other.__exit__(None, None, None)


@pytest.mark.timeout(20)
def test_listeners_do_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamer.web.server.GRACE_SECONDS", 60)
    feed = Feed(Board(), FakeClock(), seconds=3600)
    with contextlib.ExitStack() as stack:
        with serving(application(Board(), FakeClock(), feed), "127.0.0.1", 0) as address:
            readers = [stack.enter_context(listening(address.removeprefix("http://"))) for _ in range(3)]
            for reader in readers:
                reader.event()
        for reader in readers:
            with pytest.raises(http.client.IncompleteRead):  # it is cut where it was
                reader.answer.read()
