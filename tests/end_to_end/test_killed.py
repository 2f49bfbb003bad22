"""The promise of exactly-once with real processes, sockets, files and SIGKILL."""

import signal
from pathlib import Path

import pytest

from tests.end_to_end.processes import Daemon, ended, produce

QUICK = "checkpoints.interval_seconds=0.3"
COMMITTEE = ("predictor=committee", 'committee.members=["prior", "markov", "lagged", "gru_ring"]')
KILLS_AT = (0.1, 0.25, 0.4, 0.55, 0.7)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("chosen", "engine", "samples", "rate"),
    [
        (("learner.engine=fused",), "fused", 20_000, 1_000),
        (("learner.engine=reference",), "reference", 4_000, 200),
        (COMMITTEE, "fused", 20_000, 1_000),
    ],
    ids=["fused", "reference", "committee"],
)
def test_a_daemon_killed_five_times_ends_bit_for_bit_where_an_undisturbed_one_does(
    tmp_path: Path, chosen: tuple[str, ...], engine: str, samples: int, rate: int
) -> None:
    settings = (QUICK, *chosen)
    undisturbed, killed = (Daemon(tmp_path / name, *settings) for name in ("undisturbed", "killed"))
    producers = [produce(undisturbed.endpoint, samples), produce(killed.endpoint, samples, "--rate", str(rate))]
    with ended(undisturbed, *producers):
        for share in KILLS_AT:
            with ended(killed):  # by SIGKILL
                seen = killed.until(lambda stream, share=share: stream.get("next_sequence", 0) >= share * samples)  # type: ignore[misc]
                assert seen["next_sequence"] < samples  # in the middle of the run, or the test shows nothing
            killed = Daemon(tmp_path / "killed", *settings, listen=killed.endpoint)
        with ended(killed):
            assert [producer.finish()[0] for producer in producers] == [0, 0]
            states = [
                daemon.until(lambda stream: stream.get("next_sequence") == samples) for daemon in (undisturbed, killed)
            ]
    assert states[0]["state_hash"] == states[1]["state_hash"]
    assert states[0]["solved_at"] == states[1]["solved_at"]
    assert states[0]["samples"] == states[1]["samples"] == samples
    assert states[0]["engine"] == states[1]["engine"] == engine


@pytest.mark.timeout(300)
def test_a_producer_killed_and_started_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path)
    first = produce(daemon.endpoint, 2_000, "--rate", "500")
    with ended(daemon, first):
        daemon.until(lambda stream: stream.get("next_sequence", 0) >= 300)
        first.end(signal.SIGKILL)
        assert daemon.stream()["next_sequence"] < 2_000
        second = produce(daemon.endpoint, 2_000)
        with ended(second):
            assert second.finish()[0] == 0
        stream = daemon.until(lambda stream: stream["next_sequence"] == 2_000)
    assert stream["samples"] == 2_000
    assert stream["outcomes"]["learned"] == 2_000
