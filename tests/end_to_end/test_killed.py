"""The promise of exactly-once with real processes, sockets, files and SIGKILL."""

import signal
from pathlib import Path

import pytest

from tests.end_to_end.processes import Daemon, ended, produce

SAMPLES = 20_000
KILLS_AT = (1_500, 5_000, 9_000, 12_500, 17_000)


@pytest.mark.timeout(600)
def test_a_daemon_killed_five_times_ends_bit_for_bit_where_an_undisturbed_one_does(tmp_path: Path) -> None:
    undisturbed = Daemon(tmp_path / "undisturbed")
    killed = Daemon(tmp_path / "killed", "checkpoints.interval_seconds=0.5")
    producers = [produce(daemon.endpoint, SAMPLES) for daemon in (undisturbed, killed)]
    with ended(undisturbed, *producers):
        for position in KILLS_AT:
            killed.until(lambda stream, position=position: stream.get("next_sequence", 0) >= position)  # type: ignore[misc]
            killed.end(signal.SIGKILL)
            killed = Daemon(tmp_path / "killed", "checkpoints.interval_seconds=0.5", listen=killed.endpoint)
        with ended(killed):
            assert [producer.finish()[0] for producer in producers] == [0, 0]
            states = [
                daemon.until(lambda stream: stream.get("next_sequence") == SAMPLES) for daemon in (undisturbed, killed)
            ]
    assert states[0]["state_hash"] == states[1]["state_hash"]
    assert states[0]["solved_at"] == states[1]["solved_at"]
    assert states[0]["samples"] == states[1]["samples"] == SAMPLES


@pytest.mark.timeout(300)
def test_a_producer_killed_and_started_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path)
    first = produce(daemon.endpoint, 2_000)
    with ended(daemon, first):
        daemon.until(lambda stream: stream.get("next_sequence", 0) >= 300)
        first.end(signal.SIGKILL)
        second = produce(daemon.endpoint, 2_000)
        with ended(second):
            assert second.finish()[0] == 0
        stream = daemon.until(lambda stream: stream["next_sequence"] == 2_000)
    assert stream["samples"] == 2_000
    assert stream["outcomes"]["learned"] == 2_000
