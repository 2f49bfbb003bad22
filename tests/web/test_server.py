import socket
import threading
import urllib.request

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from streamer.errors import UnavailableError
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
