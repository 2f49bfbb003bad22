"""What is said of something else that answers at the daemon's address."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from streamer.app.remote import fetch_status
from streamer.clock import FakeClock
from streamer.errors import UnavailableError
from streamer.telemetry.record import Board
from streamer.web.application import application
from streamer.web.server import serving

ANSWERS = [b"", b"\x1b[31m not HTTP\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1]", b"SSH-2.0-x\r\n"]


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A port that says the same whatever it is asked."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        listener.settimeout(10)
        served = pool.submit(serve)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        served.result()


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_does_not_speak_http_is_told_in_words_that_are_not_its_own(answer: bytes) -> None:
    with answering(answer) as url, pytest.raises(UnavailableError, match="--url") as told:
        fetch_status(url)
    assert str(told.value).isprintable()


def test_the_environments_proxy_is_not_asked_for_a_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(application(Board(), FakeClock()), "127.0.0.1", 0) as url:
        assert fetch_status(url)["state"] == "starting"
