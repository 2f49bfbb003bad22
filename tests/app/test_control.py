"""The socket by which a running daemon is commanded, and the daemon's way to it."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from streamer.app.commanding import command_stream
from streamer.app.control import LONGEST_PATH, command_daemon, control_endpoint, open_control
from streamer.checkpoints.store import CheckpointStore
from streamer.clock import SystemClock
from streamer.errors import StreamerError, UnavailableError
from streamer.filesystem.local import LocalFileSystem
from streamer.service.commands import Answer, Command, decode_command, encode
from streamer.transport.seam import Listener


class Warnings:
    def __init__(self) -> None:
        self.warned: list[str] = []

    def note(self, event: str, **facts: object) -> None:
        raise AssertionError(event)

    def warn(self, event: str, **facts: object) -> None:
        self.warned.append(f"{event}: {facts}")


@pytest.fixture
def warnings() -> Warnings:
    return Warnings()


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Relative, for the test's own path may be long."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c").mkdir()
    return "c"


@pytest.fixture
def listener(directory: str, warnings: Warnings) -> Iterator[Listener]:
    opened = open_control(directory, warnings)
    assert opened is not None
    yield opened
    opened.close()


def answering(listener: Listener, answer: Answer, heard: list[Command]) -> Thread:
    """A daemon that answers one command."""

    def serve() -> None:
        while not heard:
            for peer, [part] in listener.receive(0.05):
                heard.append(decode_command(part))
                listener.send(peer, [encode(answer)])

    thread = Thread(target=serve)
    thread.start()
    return thread


def test_only_the_owner_can_open_it_whatever_the_umask_is(directory: str, warnings: Warnings) -> None:
    before = os.umask(0)
    try:
        opened = open_control(directory, warnings)
        assert os.umask(0) == 0
    finally:
        os.umask(before)
    assert opened is not None
    assert os.stat(f"{directory}/.control").st_mode & 0o077 == 0
    opened.close()


def test_a_command_reaches_the_daemon_and_the_answer_comes_back(directory: str, listener: Listener) -> None:
    heard: list[Command] = []
    thread = answering(listener, Answer({"frozen": True}), heard)
    assert command_daemon(directory, Command("freeze", "s"), SystemClock()) == {"frozen": True}
    thread.join()
    assert heard == [Command("freeze", "s")]


@pytest.mark.parametrize("mistake", [True, False])
def test_an_error_of_the_daemon_is_the_callers_own_or_a_failure(
    directory: str, listener: Listener, mistake: bool
) -> None:
    thread = answering(listener, Answer(error="no such thing", mistake=mistake), [])
    with pytest.raises(StreamerError, match=r"^no such thing$") as caught:
        command_daemon(directory, Command("reset", "s"), SystemClock())
    thread.join()
    assert isinstance(caught.value, UnavailableError) is mistake


class Impatient:
    """A clock that runs by itself."""

    def __init__(self) -> None:
        self._now = 0.0

    def wall(self) -> float:
        return 0.0

    def monotonic(self) -> float:
        self._now += 1.0
        return self._now


@pytest.mark.parametrize("there", [True, False])
def test_a_daemon_that_does_not_answer_is_not_waited_for_for_ever(
    directory: str, warnings: Warnings, there: bool
) -> None:
    opened = open_control(directory, warnings) if there else None
    with pytest.raises(UnavailableError, match="does not answer"):
        command_daemon(directory, Command("reset", "s"), Impatient())
    if opened is not None:
        opened.close()


def test_a_locked_directory_is_left_to_the_daemon_that_holds_it(directory: str, listener: Listener) -> None:
    store = CheckpointStore(LocalFileSystem(), directory, keep=2)
    store.prepare()
    thread = answering(listener, Answer({"stream": "s"}), [])
    assert command_stream(directory, Command("thaw", "s"), SystemClock()) == {"by": "daemon", "stream": "s"}
    thread.join()


def test_a_path_that_is_too_long_for_a_socket_leaves_the_daemon_without_commands(
    tmp_path: Path, warnings: Warnings
) -> None:
    directory = f"{tmp_path}/{'d' * LONGEST_PATH}"
    assert open_control(directory, warnings) is None
    assert "too long for a socket" in warnings.warned[0]
    with pytest.raises(UnavailableError, match="while the daemon is stopped"):
        command_daemon(directory, Command("thaw", "s"), SystemClock())


def test_the_longest_path_is_just_not_too_long() -> None:
    control_endpoint("/" + "d" * (LONGEST_PATH - len("/.control") - 1))
    with pytest.raises(UnavailableError):
        control_endpoint("/" + "d" * (LONGEST_PATH - len("/.control")))


def test_a_directory_that_takes_no_socket_leaves_the_daemon_without_commands(warnings: Warnings) -> None:
    assert open_control("/proc/self", warnings) is None
    assert "no commands while the daemon runs" in warnings.warned[0]


def test_a_name_that_begins_with_an_at_is_a_directory_all_the_same() -> None:
    assert control_endpoint("@d") == "ipc://./@d/.control"


def test_a_daemon_takes_the_path_over_from_one_that_was_killed(directory: str, warnings: Warnings) -> None:
    Path(directory, ".control").touch()
    opened = open_control(directory, warnings)
    assert opened is not None
    opened.close()
