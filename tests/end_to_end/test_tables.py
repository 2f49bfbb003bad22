"""Somebody's own rows, from a file or a pipe to a real daemon, with the predictions on their way back."""

import json
import signal
import subprocess
from pathlib import Path

from tests.end_to_end.processes import STREAMER, Daemon, Program, ended, wait_for

DOORS = Path(__file__).parents[1] / "data" / "doors.csv"
ROWS = 600
SETTINGS = ("learner.inputs=2", "learner.hidden=4")


def produce(daemon: Daemon, *options: str) -> Program:
    return Program("produce", str(DOORS), "--target", "open", "--to", daemon.endpoint, "--json", *options)


def numbers(path: Path) -> list[int]:
    return [int(line.split(",")[0]) for line in path.read_text().splitlines()[1:]]


def test_a_file_is_learned_once_whatever_its_producer_is_told_again(tmp_path: Path) -> None:
    daemon, out = Daemon(tmp_path / "checkpoints", *SETTINGS), tmp_path / "out.csv"
    with ended(daemon):
        for started_from, written in ((0, ROWS), (ROWS, 0)):
            producer = produce(daemon, "--predictions", str(out))
            with ended(producer):
                code, output, errors = producer.finish()
            assert (code, errors) == (0, "")
            facts = json.loads(output)
            assert (facts["stream"], facts["learned"], facts["complete"]) == ("doors", ROWS, True)
            assert (facts["started_from"], facts["predictions"]) == (started_from, written)
        daemon.until(lambda stream: stream["next_sequence"] == ROWS and stream["samples"] == ROWS, "doors")
    assert out.read_text().startswith("number,target,probability\n0,0.0,")
    assert numbers(out) == list(range(ROWS))


def test_a_producer_that_is_killed_and_started_again_ends_where_an_undisturbed_one_does(tmp_path: Path) -> None:
    daemon, out = Daemon(tmp_path / "checkpoints", *SETTINGS), tmp_path / "out.csv"
    with ended(daemon):
        undisturbed = produce(daemon, "--stream", "undisturbed")
        with ended(undisturbed):
            assert undisturbed.finish()[0] == 0
        first = produce(daemon, "--predictions", str(out), "--rate", "400")
        with ended(first):
            wait_for(lambda: {"written": len(numbers(out)) if out.exists() else 0}, lambda seen: seen["written"] >= 100)
            first.end(signal.SIGKILL)
        assert len(numbers(out)) < ROWS  # in the middle, or the test shows nothing
        second = produce(daemon, "--predictions", str(out))
        with ended(second):
            assert second.finish()[0] == 0
        whole = daemon.until(lambda stream: stream["next_sequence"] == ROWS, "undisturbed")
        hashes = {whole["state_hash"]}
        hashes.add(daemon.until(lambda stream: stream["next_sequence"] == ROWS, "doors")["state_hash"])
    assert numbers(out) == list(range(ROWS))
    assert len(hashes) == 1


def test_the_rows_of_a_pipe_wait_for_a_daemon_that_is_not_there_yet(tmp_path: Path) -> None:
    placeholder = Daemon(tmp_path / "a", *SETTINGS)
    with ended(placeholder):
        endpoint = placeholder.endpoint
    pipe = subprocess.Popen(
        [
            *STREAMER,
            "produce",
            "-",
            "--target",
            "open",
            "--to",
            endpoint,
            "--json",
            "--predictions",
            str(tmp_path / "o"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert pipe.stdin is not None
        pipe.stdin.write(DOORS.read_text())
        pipe.stdin.flush()
        daemon = Daemon(tmp_path / "b", *SETTINGS, listen=endpoint)
        with ended(daemon):
            daemon.until(lambda stream: stream["next_sequence"] == ROWS, "stdin")  # though the pipe is still open
            output, _ = pipe.communicate(timeout=60)
    finally:
        pipe.kill()
        pipe.wait()
    assert pipe.returncode == 0
    facts = json.loads(output) if output else {}
    lines = [json.loads(line)["number"] for line in (tmp_path / "o").read_text().splitlines()]
    assert lines == list(range(ROWS))
    assert (facts["learned"], facts["complete"]) == (ROWS, True)


def test_a_producer_of_a_pipe_that_is_stopped_brings_to_safety_what_it_has_taken(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, *SETTINGS)
    with ended(daemon):
        pipe = subprocess.Popen(
            [*STREAMER, "produce", "-", "--target", "open", "--to", daemon.endpoint, "--json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert pipe.stdin is not None
            pipe.stdin.write(DOORS.read_text())
            pipe.stdin.flush()
            daemon.until(lambda stream: stream["next_sequence"] == ROWS, "stdin")
            pipe.send_signal(signal.SIGTERM)
            assert pipe.wait(60) == 0  # though the pipe is still open
            output, _ = pipe.communicate(timeout=60)
        finally:
            pipe.kill()
            pipe.wait()
    assert pipe.returncode == 0
    facts = json.loads(output)
    assert (facts["learned"], facts["complete"]) == (ROWS, True)


def test_a_wrong_row_in_a_pipe_is_told_when_those_before_it_are_safe(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, *SETTINGS)
    with ended(daemon):
        pipe = subprocess.Popen(
            [*STREAMER, "produce", "-", "--target", "open", "--to", daemon.endpoint, "--quiet"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert pipe.stdin is not None
            pipe.stdin.write("draught,weight,open\n0.1,0.2,1\n0.3,0.4,0\n0.5,heavy,1\n0.5,0.6,1\n")
            pipe.stdin.flush()
            assert pipe.wait(60) == 2  # though the pipe is still open
            output, errors = pipe.communicate(timeout=60)
        finally:
            pipe.kill()
            pipe.wait()
        daemon.until(lambda stream: stream["next_sequence"] == 2, "stdin")
    assert output == ""
    assert errors.startswith("streamer: stdin, line 4, column 'weight': text in a numeric column; got: 'heavy'")
    assert len(errors.splitlines()) == 1
