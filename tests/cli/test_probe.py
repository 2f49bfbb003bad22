"""What a health check is told: 0 for ready, 1 for anything else, never a traceback."""

import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from starlette.applications import Starlette

from streamer.cli.main import main
from streamer.clock import FakeClock
from streamer.telemetry.record import Board, ServiceRecord
from streamer.web.application import application
from streamer.web.server import serving
from tests.telemetry.records import SERVICE


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs `streamer probe --url … …` in this process: (exit code, output, errors)."""

    def run(url: str, *options: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["streamer", "probe", "--url", url, *options])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return int(end.value.code or 0), captured.out, captured.err

    return run


@contextmanager
def daemon(record: ServiceRecord) -> Iterator[str]:
    board = Board()
    board.publish(record)
    with serving(application(board, FakeClock()), "127.0.0.1", 0) as url:
        yield url


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that gives its first caller these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_once() -> None:
            caller, _ = listener.accept()
            with caller:
                caller.recv(65536)
                caller.sendall(answer)

        thread = threading.Thread(target=answer_once)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_a_ready_daemon_passes(probe) -> None:
    with daemon(SERVICE) as url:
        assert probe(url) == (0, "ready\n", "")


def test_one_that_is_not_ready_fails_with_its_reasons(probe) -> None:
    with daemon(replace(SERVICE, state="degraded", reasons=("the disk is full", "it is late"))) as url:
        assert probe(url) == (1, "", "not ready: the disk is full; it is late\n")
        code, output, _ = probe(url, "--json")
    assert (code, json.loads(output)) == (1, {"ready": False, "reasons": ["the disk is full", "it is late"]})


def test_nobody_there_fails_with_1_for_2_means_something_else_to_supervisors(probe) -> None:
    code, _, errors = probe("http://127.0.0.1:9")
    assert code == 1
    assert "no daemon answers at http://127.0.0.1:9/-/ready: " in errors


def test_somebody_else_there_fails(probe) -> None:
    with serving(Starlette(), "127.0.0.1", 0) as url:
        code, _, errors = probe(url)
    assert (code, "is not a daemon of ours" in errors) == (1, True)


@pytest.mark.parametrize("answer", [b"", b"\xff\x00 not HTTP", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1]"])
def test_what_does_not_speak_http_fails(probe, answer: bytes) -> None:
    with answering(answer) as url:
        assert probe(url)[0] == 1


def test_one_that_never_answers_fails_in_the_time_given(probe) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code, _, errors = probe(f"http://127.0.0.1:{silent.getsockname()[1]}", "--timeout", "0.1")
    assert (code, "timed out" in errors) == (1, True)


def test_what_is_no_address_fails(probe) -> None:
    assert probe("here")[0] == 1


def test_the_environments_proxy_is_not_asked(probe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with daemon(SERVICE) as url:
        assert probe(url)[0] == 0
