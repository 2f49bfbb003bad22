"""A program that cannot hold a log, its spool and a daemon, as real processes over real pipes and sockets."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zmq

from tests.end_to_end.processes import Daemon, Program, ended, wait_for
from tests.spool.world import line_of

SMALL = ("learner.hidden=4", "learner.truncation=2", "checkpoints.interval_seconds=0.3")

pytestmark = pytest.mark.timeout(300)


class Spool(Program):
    """`streamer spool … --json` with a pipe into it; `next` follows what it says."""

    def __init__(self, directory: Path, endpoint: str, *options: str) -> None:
        command = [sys.executable, "-m", "streamer", "spool", str(directory), "--to", endpoint, "--stream", "bits"]
        self.process = subprocess.Popen(
            [*command, "--json", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.facts = self.first_facts()
        assert self.facts["event"] == "ready"

    def hand_in(self, first: int, end: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line_of(number)}\n" for number in range(first, end)))
        self.process.stdin.flush()

    def until_safe(self, number: int) -> dict[str, Any]:
        """What it says when everything below a number is safe."""
        return wait_for(self.first_facts, lambda facts: facts["next"] >= number)


def lines_of(output: str) -> dict[str, Any]:
    """The last of the facts that were printed."""
    facts: dict[str, Any] = json.loads(output.splitlines()[-1])
    return facts


def test_lines_are_kept_without_a_daemon_and_learned_though_the_daemon_is_killed(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path / "checkpoints", *SMALL)
    endpoint = daemon.endpoint
    with ended(daemon):
        daemon.end(signal.SIGKILL)
    spool = Spool(tmp_path / "log", endpoint)
    with ended(spool):
        spool.hand_in(0, 2_000)
        assert spool.until_safe(2_000)["refused"] == 0
        for below in (2_000, 3_000):
            daemon = Daemon(tmp_path / "checkpoints", *SMALL, listen=endpoint)
            with ended(daemon):  # by SIGKILL
                spool.hand_in(below, below + 1_000)
                daemon.until(lambda stream, below=below: stream.get("next_sequence", 0) > below - 1_000)  # type: ignore[misc]
        daemon = Daemon(tmp_path / "checkpoints", *SMALL, listen=endpoint)
        with ended(daemon):
            code, output, errors = spool.finish()
            assert code == 0, errors
            stopped = lines_of(output)
            stream = daemon.until(lambda stream: stream["acknowledged"] == 4_000)  # told a moment after
    assert (stopped["taken"], stopped["acknowledged"], stopped["complete"]) == (4_000, 4_000, True)
    assert stream["next_sequence"] == stream["acknowledged"] == 4_000
    assert len(list((tmp_path / "log").glob("*.events"))) == 1


def test_sigterm_brings_what_was_read_to_disk_and_the_next_run_goes_on_with_the_same_numbers(tmp_path: Path) -> None:
    nowhere = f"ipc://{tmp_path}/nobody"
    spool = Spool(tmp_path / "log", nowhere, "--sync-milliseconds", "60000")
    with ended(spool):
        spool.hand_in(0, 100)
        code, output, errors = spool.end(signal.SIGTERM)
    assert code == 0, errors
    stopped = lines_of(output)
    assert stopped["complete"] is False
    again = Spool(tmp_path / "log", nowhere)
    with ended(again):
        assert (again.facts["next"], again.facts["epoch"]) == (stopped["next"], spool.facts["epoch"])


def test_two_spools_cannot_have_one_directory_and_another_stream_is_told_what_to_give(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "log", f"ipc://{tmp_path}/nobody")
    second = Program("spool", str(tmp_path / "log"), "--stream", "bits")
    with ended(spool, second):
        code, _, errors = second.finish()
    assert (code, "another spool uses this directory" in errors, "Traceback" in errors) == (2, True, False)
    other = Program("spool", str(tmp_path / "log"), "--stream", "bits", "--inputs", "2")
    with ended(other):
        code, _, errors = other.finish()
    assert (code, "--inputs 1" in errors, "Traceback" in errors) == (2, True, False)


def test_a_damaged_log_is_told_with_the_file_and_exit_code_1(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "log", f"ipc://{tmp_path}/nobody")
    with ended(spool):
        spool.hand_in(0, 10)
        spool.until_safe(10)
        spool.hand_in(10, 20)
        spool.until_safe(20)
    [file] = (tmp_path / "log").glob("*.events")
    data = bytearray(file.read_bytes())
    data[120] ^= 1
    file.write_bytes(data)
    again = Program("spool", str(tmp_path / "log"), "--stream", "bits")
    with ended(again):
        code, _, errors = again.finish()
    assert (code, str(file) in errors, "Traceback" in errors) == (1, True, False)


def test_bad_lines_are_told_and_counted_and_stop_nothing(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path / "checkpoints", *SMALL)
    spool = Spool(tmp_path / "log", daemon.endpoint)
    assert spool.process.stdin is not None
    with ended(daemon, spool):
        spool.process.stdin.write('0.5 1\nnonsense\n{"x": [1, 2]}\n\n' + "7" * 100_000 + "\n1 0\n0.2")
        code, output, errors = spool.finish()
    assert code == 0
    stopped = lines_of(output)
    assert (stopped["taken"], stopped["refused"], stopped["acknowledged"]) == (2, 5, 2)
    assert [json.loads(line)["line"] for line in errors.splitlines() if "line refused" in line][:2] == [2, 3]


def test_one_who_asks_is_answered_with_the_number_once_it_is_safe(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "log", f"ipc://{tmp_path}/nobody", "--reply", "tcp://127.0.0.1:*")
    with ended(spool), zmq.Context() as context, context.socket(zmq.REQ) as asker:
        asker.rcvtimeo = 60_000
        asker.connect(spool.facts["endpoint"])
        answers = []
        for line in ('{"x": [0.5]}', "nonsense", '{"label": 0, "y": 1}'):
            asker.send_string(line)
            answers.append(json.loads(asker.recv()))
        spool.end(signal.SIGKILL)
    assert [answers[0], answers[2]] == [{"number": 0}, {"number": 1}]
    assert answers[1]["refused"] == "numbers"
    again = Spool(tmp_path / "log", f"ipc://{tmp_path}/nobody")
    with ended(again):
        assert again.facts["next"] == 2


def test_lines_are_pushed_and_published(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path / "checkpoints", *SMALL)
    with ended(daemon), zmq.Context() as context:
        spool = Spool(tmp_path / "log", daemon.endpoint, "--listen", "tcp://127.0.0.1:*")
        with ended(spool), context.socket(zmq.PUSH) as push:
            push.connect(spool.facts["endpoint"])
            for number in range(300):
                push.send_string(line_of(number))
            spool.until_safe(300)
            daemon.until(lambda stream: stream.get("acknowledged") == 300)
            assert spool.end(signal.SIGTERM)[0] == 0
        with context.socket(zmq.XPUB) as pub:
            pub.bind("tcp://127.0.0.1:*")
            spool = Spool(tmp_path / "log", daemon.endpoint, "--subscribe", pub.get_string(zmq.LAST_ENDPOINT))
            with ended(spool):
                assert pub.poll(60_000)
                pub.recv()
                for number in range(300, 400):
                    pub.send_multipart([b"topic", line_of(number).encode()])
                spool.until_safe(400)
                daemon.until(lambda stream: stream.get("acknowledged") == 400)
                assert spool.end(signal.SIGTERM)[0] == 0


def test_it_feeds_a_daemon_that_lets_in_keys_only_and_is_told_if_its_own_is_not_on_the_list(tmp_path: Path) -> None:
    for name in ("daemon", "spool", "stranger"):
        maker = Program("keys", "new", str(tmp_path / f"{name}.key"))
        with ended(maker):
            assert maker.finish()[0] == 0
    (tmp_path / "allowed").write_text((tmp_path / "spool.key.pub").read_text())
    settings = (f"transport.key={tmp_path}/daemon.key", f"transport.allow={tmp_path}/allowed")
    daemon = Daemon(tmp_path / "checkpoints", *SMALL, *settings)

    def keys(name: str) -> tuple[str, ...]:
        return ("--key", str(tmp_path / f"{name}.key"), "--daemon-key", str(tmp_path / "daemon.key.pub"))

    spool = Spool(tmp_path / "log", daemon.endpoint, *keys("spool"))
    stranger = Spool(tmp_path / "other", daemon.endpoint, *keys("stranger"))
    with ended(daemon, spool, stranger):
        spool.hand_in(0, 50)
        code, output, errors = spool.finish()
        assert (code, lines_of(output)["acknowledged"]) == (0, 50), errors
        assert stranger.process.stderr is not None
        for line in stranger.process.stderr:
            if "transport.allow" in line:
                break


def test_a_reader_of_its_facts_who_leaves_stops_nothing(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path / "checkpoints", *SMALL)
    spool = Spool(tmp_path / "log", daemon.endpoint)
    with ended(daemon, spool):
        assert spool.process.stdout is not None
        assert spool.process.stdin is not None
        spool.process.stdout.close()
        spool.hand_in(0, 500)
        spool.process.stdin.close()
        assert spool.process.wait(60) == 0
        daemon.until(lambda stream: stream["acknowledged"] == 500)
        spool.process.stdin = spool.process.stdout = None
