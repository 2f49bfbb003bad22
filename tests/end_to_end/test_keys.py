"""A daemon that is open to a network, and who gets in, in real processes."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from streamer import ArraySource
from streamer import Producer as Sender
from streamer import produce as publish
from streamer.app.keymaking import KeyFiles, make_keys
from streamer.errors import UnavailableError
from tests.end_to_end.processes import Daemon, Program, ended, produce, wait_for

pytestmark = pytest.mark.timeout(300)


class Secured:
    """A daemon that is open to every network, and its list."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.keys = self.new("daemon")
        self.allow = directory / "allowed.keys"
        self.allow.write_text("")

    def new(self, name: str) -> KeyFiles:
        return make_keys(str(self.directory / f"{name}.key"))

    def start(self) -> Daemon:
        return Daemon(
            self.directory / "checkpoints",
            "learner.hidden=4",
            "learner.truncation=2",
            f"transport.key={self.keys.secret_file}",
            f"transport.allow={self.allow}",
            listen="tcp://0.0.0.0:*",
        )

    def reload(self, daemon: Daemon, text: str) -> dict[str, int]:
        """The counts of reloads after one more."""
        before = sum(status(daemon)["reloads"].values())
        self.allow.write_text(text)
        daemon.process.send_signal(signal.SIGHUP)
        found: dict[str, int] = wait_for(lambda: status(daemon), lambda seen: sum(seen["reloads"].values()) > before)[
            "reloads"
        ]
        return found


def status(daemon: Daemon) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(daemon.get("/api/v1/status"))
    return found


def address(daemon: Daemon) -> str:
    return daemon.endpoint.replace("0.0.0.0", "127.0.0.1")


def knocking(daemon: Daemon, samples: int, *options: str) -> Program:
    return produce(address(daemon), samples, *options)


def test_who_is_listed_is_learned_from_by_command_and_from_a_program(tmp_path: Path) -> None:
    house = Secured(tmp_path)
    sensor = house.new("sensor")
    house.allow.write_text(f"{sensor.public_key} bits mine-*  # the sensor\n")
    daemon = house.start()
    key, daemon_key = sensor.secret_file, house.keys.public_key
    with ended(daemon):
        by_command = knocking(daemon, 500, "--key", sensor.secret_file, "--daemon-key", house.keys.public_file)
        with ended(by_command):
            assert by_command.finish()[0] == 0
        with Sender(address(daemon), stream="mine-1", key=key, daemon_key=daemon_key) as sender:
            assert 0 <= sender.send(0.3, 1) <= 1
        source = ArraySource([[0.0]] * 10, [1] * 10)
        publish(source, address(daemon), stream="mine-2", key=key, daemon_key=daemon_key)
        seen = wait_for(lambda: status(daemon), lambda seen: len(seen["streams"]) == 3)  # published ten times a second
    assert sorted(seen["streams"]) == ["bits", "mine-1", "mine-2"]
    assert seen["refused_handshakes"] == {}


def test_who_is_not_listed_waits_outside_and_gets_in_by_a_reload_without_starting_anew(tmp_path: Path) -> None:
    house = Secured(tmp_path)
    sensor = house.new("sensor")
    daemon = house.start()
    producer = knocking(daemon, 300, "--key", sensor.secret_file, "--daemon-key", house.keys.public_file)
    with ended(daemon, producer):
        wait_for(lambda: status(daemon), lambda seen: seen["refused_handshakes"].get("key", 0) >= 1)
        assert status(daemon)["streams"] == {}
        assert house.reload(daemon, f"{sensor.public_key}\n") == {"done": 1}
        assert producer.finish()[0] == 0


def test_a_key_struck_off_loses_its_session_and_a_list_with_faults_changes_nothing(tmp_path: Path) -> None:
    house = Secured(tmp_path)
    sensor = house.new("sensor")
    house.allow.write_text(f"{sensor.public_key}\n")
    daemon = house.start()
    producer = knocking(
        daemon, 100_000, "--rate", "200", "--key", sensor.secret_file, "--daemon-key", house.keys.public_file
    )
    with ended(daemon, producer):
        daemon.until(lambda stream: stream.get("next_sequence", 0) > 0)
        assert house.reload(daemon, "nonsense\n") == {"refused": 1}
        assert daemon.stream()["connected"]
        assert house.reload(daemon, "") == {"refused": 1, "done": 1}
        daemon.until(lambda stream: not stream["connected"])
        learned = daemon.stream()["next_sequence"]
        house.reload(daemon, f"{sensor.public_key}\n")
        daemon.until(lambda stream: stream["next_sequence"] > learned)
        code, _, errors = daemon.end()
    assert code == 0
    assert "allowed.keys line 1" in errors


def test_a_producer_that_is_kept_out_says_why(tmp_path: Path) -> None:
    house = Secured(tmp_path)
    sensor = house.new("sensor")
    daemon = house.start()
    with ended(daemon):
        sender = Sender(
            address(daemon),
            stream="s",
            timeout_seconds=1,
            key=sensor.secret_file,
            daemon_key=house.keys.public_key,
        )
        with pytest.raises(UnavailableError, match="does not let this key in"), sender:
            sender.send(0.3, 1)


@pytest.mark.parametrize("what", ["key", "allow"])
def test_keys_that_cannot_be_used_end_the_daemon_before_anything_starts(tmp_path: Path, what: str) -> None:
    house = Secured(tmp_path)
    if what == "key":
        Path(house.keys.secret_file).chmod(0o644)
    else:
        house.allow.write_text("nonsense\n")
    settings = (f"transport.key={house.keys.secret_file}", f"transport.allow={house.allow}")
    directory = tmp_path / "checkpoints"
    program = Program(
        "run", *(word for setting in (*settings, f"checkpoints.directory={directory}") for word in ("--set", setting))
    )
    with ended(program):
        code, _, errors = program.finish()
    assert code == 2
    assert ("chmod 600" if what == "key" else "allowed.keys line 1") in errors
    assert "Traceback" not in errors
    assert not directory.exists()
