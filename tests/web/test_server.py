import asyncio
import socket
import threading
import urllib.request
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from streamer.clock import FakeClock
from streamer.errors import UnavailableError
from streamer.telemetry.record import Board
from streamer.web.application import application
from streamer.web.connections import CONNECTIONS
from streamer.web.server import serving


def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse(threading.current_thread().name)


APPLICATION = Starlette(routes=[Route("/", hello)])


def http_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "http"]


def test_it_serves_while_the_body_runs_and_is_gone_with_its_thread_and_its_port_afterwards() -> None:
    with serving(APPLICATION, "127.0.0.1", 0) as url:
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.status == 200
        port = int(url.rpartition(":")[2])
    assert http_threads() == []
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))


def test_it_leaves_the_callers_thread_alone() -> None:
    with serving(APPLICATION, "127.0.0.1", 0) as url, urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read().decode() != threading.current_thread().name


def test_it_stops_when_the_body_fails() -> None:
    with pytest.raises(ZeroDivisionError), serving(APPLICATION, "127.0.0.1", 0):
        raise ZeroDivisionError
    assert http_threads() == []


def test_port_0_takes_a_free_one_and_two_servers_live_side_by_side() -> None:
    with serving(APPLICATION, "127.0.0.1", 0) as one, serving(APPLICATION, "127.0.0.1", 0) as other:
        assert one != other
        assert not one.endswith(":0")


def test_a_port_in_use_is_refused_by_its_number_with_the_remedy() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(UnavailableError) as caught, serving(APPLICATION, "127.0.0.1", port):
            pass
    assert f"127.0.0.1:{port}" in str(caught.value)
    assert "telemetry.port" in (caught.value.remedy or "")
    assert http_threads() == []


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UnavailableError), serving(APPLICATION, "192.0.2.1", 0):
        pass


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def test_sockets_that_say_nothing_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamer.web.connections.REQUEST_SECONDS", 0.2)
    with serving(APPLICATION, "127.0.0.1", 0) as url, socket.create_connection(("127.0.0.1", port_of(url)), 10) as idle:
        assert idle.recv(1) == b""


def test_two_hundred_sockets_that_only_wait_do_not_keep_a_scraper_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamer.web.connections.REQUEST_SECONDS", 3600)
    with serving(application(Board(), FakeClock()), "127.0.0.1", 0) as url:
        idle = [socket.create_connection(("127.0.0.1", port_of(url)), timeout=10) for _ in range(200)]
        with urllib.request.urlopen(f"{url}/metrics", timeout=10) as response:
            assert response.status == 200
        for waiting in idle[: 200 - CONNECTIONS]:  # the oldest made room
            assert waiting.recv(1) == b""
        for waiting in idle:
            waiting.close()


def test_who_is_being_answered_is_not_turned_out_by_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamer.web.connections.REQUEST_SECONDS", 3600)
    busy, go_on = threading.Event(), threading.Event()

    def slow(request: Request) -> PlainTextResponse:
        busy.set()
        go_on.wait(10)
        return PlainTextResponse("done")

    with serving(Starlette(routes=[Route("/", slow)]), "127.0.0.1", 0) as url:
        with socket.create_connection(("127.0.0.1", port_of(url)), timeout=10) as asking:
            asking.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            assert busy.wait(10)
            idle = [socket.create_connection(("127.0.0.1", port_of(url)), timeout=10) for _ in range(CONNECTIONS + 20)]
            assert idle[0].recv(1) == b""
            go_on.set()
            assert b"done" in asking.makefile("rb").read()
        for waiting in idle:
            waiting.close()


def test_a_reader_that_does_not_read_loses_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamer.web.connections.STALLED_SECONDS", 0.2)
    ended = threading.Event()

    async def endless(request: Request) -> StreamingResponse:
        async def without_end() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield bytes(100_000)
                    await asyncio.sleep(0)
            finally:
                ended.set()

        return StreamingResponse(without_end())

    with (
        serving(Starlette(routes=[Route("/", endless)]), "127.0.0.1", 0) as url,
        socket.create_connection(("127.0.0.1", port_of(url)), timeout=10) as asking,
    ):
        asking.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        assert ended.wait(10)
