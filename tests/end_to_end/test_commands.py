"""`streamer stream` to a daemon that runs."""

import json
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from streamer import Producer
from tests.end_to_end.processes import Daemon, Program, ended, produce

SMALL = ("learner.hidden=4", "learner.truncation=2", "checkpoints.interval_seconds=0.3")
COMMITTEE = (
    "predictor=committee", 'committee.members=["prior", "markov", "gru_ring"]', "checkpoints.interval_seconds=0.3"
)  # fmt: skip

each = pytest.mark.parametrize("chosen", [SMALL, COMMITTEE], ids=["learner", "committee"])

pytestmark = pytest.mark.timeout(300)


def command(directory: Path, verb: str, *arguments: str, name: str = "bits") -> dict[str, Any]:
    code, output, errors = Program("stream", verb, name, "--directory", str(directory), "--json", *arguments).finish()
    assert code == 0, errors
    found: dict[str, Any] = json.loads(output)
    return found


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Short enough for a socket wherever the tests lie."""
    monkeypatch.chdir(tmp_path)
    return Path("c")


@each
def test_a_frozen_stream_is_frozen_after_kill_9_and_learns_again_when_thawed(
    directory: Path, chosen: tuple[str, ...]
) -> None:
    daemon = Daemon(directory, *chosen)
    producer = produce(daemon.endpoint, 1_000_000, "--rate", "2000")
    with ended(producer):
        with ended(daemon):  # by SIGKILL
            daemon.until(lambda stream: stream.get("next_sequence", 0) >= 500)
            assert command(directory, "freeze")["by"] == "daemon"
        again = Daemon(directory, *chosen, listen=daemon.endpoint)
        with ended(again):
            frozen = again.until(lambda stream: stream["outcomes"]["unlabelled"] > 100)
            assert (frozen["frozen"], frozen["outcomes"]["learned"]) == (True, 0)
            assert 'streamer_frozen{stream="bits"} 1.0' in again.get("/metrics")
            command(directory, "thaw")
            again.until(lambda stream: stream["outcomes"]["learned"] > 100)


@each
def test_a_stream_is_reset_rolled_back_and_retired_on_a_daemon_that_runs(
    directory: Path, chosen: tuple[str, ...]
) -> None:
    daemon = Daemon(directory, *chosen)
    producer = produce(daemon.endpoint, 1_000_000, "--rate", "2000")
    with ended(daemon, producer):
        daemon.until(lambda stream: stream.get("next_sequence", 0) >= 1_000)
        reset = command(directory, "reset")
        daemon.until(lambda stream: stream["samples"] <= stream["next_sequence"] - 1_000)
        assert command(directory, "rollback")["to"] >= reset["serial"] - 1
        held = Program("stream", "retire", "bits", "--directory", str(directory))
        code, _, errors = held.finish()
        assert (code, "stop the producer first" in errors) == (1, True)
        producer.end(signal.SIGTERM)
        daemon.until(lambda stream: not stream["connected"])
        assert command(directory, "retire")["moved_to"] == "c/.retired-bits-1"
        daemon.until(lambda stream: not stream)
    assert list(Path("c/.retired-bits-1").glob("*.ckpt"))


def test_a_daemon_told_to_accept_a_gap_goes_on_with_a_producer_that_has_forgotten(directory: Path) -> None:
    daemon = Daemon(directory, *SMALL)
    producer = Producer(daemon.endpoint, stream="bits", buffer=64)
    with ended(daemon):
        for _ in range(200):
            producer.send(1.0, 0)
        daemon.until(lambda stream: stream["acknowledged"] > 100)
        producer.send(1.0, 0)  # so that it hears of that
    shutil.rmtree(directory)
    again = Daemon(directory, *SMALL, listen=daemon.endpoint, options=("--accept-gap",))
    with ended(again):
        for _ in range(99):
            producer.send(1.0, 0)
        stream = again.until(lambda stream: stream.get("next_sequence") == 300)
        assert 100 < stream["gap"] <= 201
        assert stream["samples"] == 300 - stream["gap"]
        producer.close()


def test_a_stopped_daemon_leaves_its_directory_to_the_command(directory: Path) -> None:
    daemon = Daemon(directory, *SMALL)
    producer = produce(daemon.endpoint, 600)
    with ended(daemon, producer):
        producer.finish()
        daemon.end()
    assert command(directory, "reset")["by"] == "directory"
    again = Daemon(directory, *SMALL)
    with ended(again):
        stream = again.stream()
        assert (stream["next_sequence"], stream["samples"]) == (600, 0)
