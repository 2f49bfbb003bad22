"""A running daemon seen from outside: status, watch and tail."""

import json
import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.end_to_end.processes import Daemon, Program, ended, produce

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    running = Daemon(tmp_path_factory.mktemp("watched"), "learner.hidden=4", "learner.truncation=2")
    with ended(running):
        code, output, _ = produce(running.endpoint, 600, "--quiet").finish()
        assert (code, json.loads(output)["learned"]) == (0, 600)
        running.until(lambda stream: stream.get("next_sequence") == 600)
        yield running


def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
    return Program(*arguments, environment=environment).finish()


def test_status_answers_the_three_questions(daemon: Daemon) -> None:
    code, output, _ = run("status", "--url", daemon.url)
    assert code == 0
    for words in ("ready", daemon.endpoint, "bits", "No producer", "600 samples"):
        assert words in output


def test_status_of_a_stream_that_is_not_there_fails_by_its_name(daemon: Daemon) -> None:
    code, output, errors = run("status", "--url", daemon.url, "--stream", "nobody")
    assert (code, output) == (1, "")
    assert "no stream 'nobody'" in errors


def test_tail_prints_the_last_samples_as_json(daemon: Daemon) -> None:
    code, output, _ = run("tail", "--url", daemon.url, "--samples", "256")
    lines = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert [line["number"] for line in lines] == list(range(344, 600))
    assert set(lines[0]) == {"number", "x", "prediction", "target", "right"}
    assert all(line["right"] == ((line["prediction"] > 0.5) == (line["target"] > 0)) for line in lines)
    assert all(line["target"] == 1 - before["x"][0] for before, line in pairwise(lines))


def test_watch_tells_a_line_a_look_and_ends_at_ctrl_c(daemon: Daemon) -> None:
    watching = Program("watch", "--url", daemon.url)
    with ended(watching):
        assert watching.process.stdout is not None
        first = watching.process.stdout.readline()
        code, _, errors = watching.end(signal.SIGINT)
    assert first.startswith("bits  600 samples")
    assert (code, errors) == (0, "")


def test_watch_gives_programs_the_whole_status(daemon: Daemon) -> None:
    watching = Program("watch", "--json", "--url", daemon.url)
    with ended(watching):
        assert watching.first_facts()["streams"]["bits"]["samples"] == 600
        assert watching.end(signal.SIGTERM)[0] == 0


@pytest.mark.parametrize("verb", ["status", "watch", "tail"])
def test_an_address_where_nobody_answers_is_told_in_words(verb: str) -> None:
    code, output, errors = run(verb, "--url", "http://127.0.0.1:9")
    assert (code, output) == (2, "")
    assert "streamer run" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("verb", ["status", "watch", "tail"])
def test_an_address_of_another_protocol_is_told_in_words(daemon: Daemon, verb: str) -> None:
    code, _, errors = run(verb, "--url", daemon.endpoint.replace("tcp", "http"))
    assert code == 2
    assert "Traceback" not in errors


def test_tail_of_a_daemon_without_streams_says_so(tmp_path: Path) -> None:
    empty = Daemon(tmp_path, "learner.hidden=4", "learner.truncation=2")
    with ended(empty):
        code, _, errors = run("tail", "--url", empty.url)
    assert code == 1
    assert "no stream yet" in errors
