"""The life of a daemon as its user sees it: start, feed, scrape, stop, start again."""

import json
import signal
import urllib.error
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.end_to_end.processes import Daemon, Program, ended, produce, wait_for

SMALL = ("learner.hidden=4", "learner.truncation=2")

pytestmark = pytest.mark.timeout(300)


def test_producer_and_daemon_may_be_started_in_either_order(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, *SMALL)
    endpoint = daemon.endpoint
    daemon.end()
    producer = produce(endpoint, 500)
    with ended(producer):
        daemon = Daemon(tmp_path, *SMALL, listen=endpoint)
        with ended(daemon):
            code, output, _ = producer.finish()
    assert code == 0
    assert json.loads(output)["learned"] == 500


def test_sigterm_stops_the_daemon_with_exit_0_and_it_goes_on_where_it_was(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, *SMALL, "checkpoints.interval_seconds=3600")
    producer = produce(daemon.endpoint, 1_000_000)
    with ended(daemon, producer):
        daemon.until(lambda stream: stream.get("next_sequence", 0) >= 1_000)
        code, _, errors = daemon.end(signal.SIGTERM)
        assert code == 0, errors
        again = Daemon(tmp_path, *SMALL, listen=daemon.endpoint)
        with ended(again):
            assert again.stream()["next_sequence"] >= 1_000
            again.until(lambda stream: stream["next_sequence"] >= 3_000)
    assert [json.loads(line)["event"] for line in errors.splitlines()][-1] == "stopped"


def test_metrics_can_be_parsed_and_agree_with_the_status(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, *SMALL)
    producer = produce(daemon.endpoint, 1_500)
    with ended(daemon, producer):
        producer.finish()
        stream = daemon.until(lambda stream: stream.get("next_sequence") == 1_500)
        families = {family.name: family for family in text_string_to_metric_families(daemon.get("/metrics"))}
        assert json.loads(daemon.get("/-/ready")) == {"state": "ready", "reasons": []}
        assert json.loads(daemon.get("/-/healthy")) == {"state": "ready"}
    learned = {sample.labels["outcome"]: sample.value for sample in families["streamer_samples"].samples}
    assert learned == {"learned": 1_500, "unlabelled": 0, "duplicate": 0, "rejected": 0}
    assert families["streamer_accuracy_windowed_ratio"].samples[0].value == stream["accuracy"]


def test_an_unknown_path_is_404(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, *SMALL)
    with ended(daemon), pytest.raises(urllib.error.HTTPError, match="404"):
        daemon.get("/nothing/here")


@pytest.mark.parametrize("which", ["transport.listen", "telemetry.port"])
def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path, which: str) -> None:
    daemon = Daemon(tmp_path / "a", *SMALL)
    taken = daemon.endpoint if which == "transport.listen" else daemon.url.rpartition(":")[2]
    free = {"transport.listen": "tcp://127.0.0.1:*", "telemetry.port": "0"} | {which: taken}
    settings = [word for name, value in free.items() for word in ("--set", f"{name}={value}")]
    second = Program("run", *settings, "--set", f"checkpoints.directory={tmp_path / 'b'}")
    with ended(daemon, second):
        code, _, errors = second.finish()
    assert code == 2
    assert "in use" in errors
    assert taken.rpartition(":")[2] in errors
    assert f"set {which}" in errors
    assert "Traceback" not in errors


def test_a_directory_that_cannot_be_written_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    program = Program("run", "--set", f"checkpoints.directory={tmp_path / 'file' / 'inside'}")
    code, _, errors = program.finish()
    assert code == 2
    assert "checkpoints cannot be written" in errors
    assert "set checkpoints.directory" in errors
    assert "Traceback" not in errors


def test_a_damaged_newest_checkpoint_is_reported_and_the_one_before_it_used(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, *SMALL)
    producer = produce(daemon.endpoint, 600)
    with ended(daemon, producer):
        producer.finish()
        daemon.end()
    newest = max((tmp_path / "bits").glob("*.ckpt"))
    newest.write_bytes(newest.read_bytes()[:-1] + b"?")
    again = Daemon(tmp_path, *SMALL)
    with ended(again):
        assert again.stream()["next_sequence"] == 600
        assert "streamer_damaged_checkpoints_total 1.0" in again.get("/metrics")
        _, _, errors = again.end()
    assert "checkpoint damaged" in errors


@pytest.mark.parametrize("first", ["learner", "committee"])
def test_a_checkpoint_of_another_predictor_is_refused_and_the_setting_named(tmp_path: Path, first: str) -> None:
    second = "committee" if first == "learner" else "learner"
    members = 'committee.members=["prior", "markov"]'
    daemon = Daemon(tmp_path, *SMALL, f"predictor={first}", members)
    producer = produce(daemon.endpoint, 300)
    with ended(daemon, producer):
        producer.finish()
        daemon.end()
    settings = (*SMALL, f"predictor={second}", members, f"checkpoints.directory={tmp_path}")
    words = ("--set", "transport.listen=tcp://127.0.0.1:*", "--set", "telemetry.port=0")
    other = Program("run", *words, *(word for setting in settings for word in ("--set", setting)))
    with ended(other):
        code, _, errors = other.finish()
    assert code == 2
    assert "the checkpoint of stream 'bits' was made with other settings" in errors
    assert f"predictor = {first} there, {second} here" in errors
    assert "set checkpoints.directory" in errors
    assert "Traceback" not in errors


def test_a_committee_daemon_reads_its_settings_again_and_refuses_members_that_there_are_not(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    good = 'predictor = "committee"\n[committee]\nmembers = ["prior", "markov"]\n'
    file.write_text(good)
    daemon = Daemon(tmp_path / "c", options=("-c", str(file)))
    producer = produce(daemon.endpoint, 1_000_000, "--rate", "2000")
    with ended(daemon, producer):
        daemon.until(lambda stream: stream.get("next_sequence", 0) >= 200)
        file.write_text(good + "[learner]\nstep_size = 0.1\n[streams]\nlimit = 5\n")
        daemon.process.send_signal(signal.SIGHUP)
        wait_for(
            lambda: {"text": daemon.get("/metrics")},
            lambda seen: 'streamer_reloads_total{outcome="done"} 1.0' in seen["text"],
        )
        file.write_text(good.replace("markov", "gruu"))
        daemon.process.send_signal(signal.SIGHUP)
        wait_for(
            lambda: {"text": daemon.get("/metrics")},
            lambda seen: 'streamer_reloads_total{outcome="refused"} 1.0' in seen["text"],
        )
        before = daemon.stream()["next_sequence"]
        daemon.until(lambda stream: stream["next_sequence"] > before)
        _, _, errors = daemon.end()
    assert "got 'gruu', no member for task binary" in errors
