"""`streamer stream` where no daemon runs: the same as a daemon would have done."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from streamer.checkpoints.store import CheckpointStore
from streamer.cli.stream import application
from streamer.errors import CorruptError, StreamerError, UnavailableError
from streamer.filesystem.local import LocalFileSystem
from streamer.filesystem.memory import MemoryFileSystem
from tests.service.person import PLAN, Person
from tests.service.world import Producer, World

VERBS = ["freeze", "thaw", "reset", "rollback", "retire"]


def learned(*command: str) -> tuple[World, Producer]:
    """A daemon that has learned, was given a command, and has stopped."""
    world = World(interval_seconds=0.2)
    producer = Producer(world, plan=PLAN)
    for _ in range(30):
        world.turn(producer)
    for _ in range(4):
        world.turn()  # all that was sent is learned and saved
    if command:
        Person(world).commands(command[0], to=6 if command[0] == "rollback" else None)
    world.daemon.finish()
    return world, producer


def put(world: World, directory: Path) -> None:
    """What is on a world's disk, on the machine's."""
    (directory / "s").mkdir(parents=True)
    for name in world.files.names("checkpoints/s"):
        (directory / "s" / name).write_bytes(world.files.read(f"checkpoints/s/{name}"))


def taken_up(directory: Path, world: World, producer: Producer) -> World:
    """The world goes on with what is on the machine's disk, to the end of the stream."""
    world.files = MemoryFileSystem()
    world.files.make_directory("checkpoints/s")
    for path in (directory / "s").iterdir():
        world.files.write(f"checkpoints/s/{path.name}", path.read_bytes())
    world.boot()
    world.run(producer)
    return world


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stream half learned, in the directory of the default settings."""
    monkeypatch.chdir(tmp_path)
    put(learned()[0], tmp_path / "checkpoints")
    return tmp_path / "checkpoints"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application, arguments)


def facts(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.exception
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def error(*arguments: str) -> StreamerError:
    found = run(*arguments).exception
    assert isinstance(found, StreamerError)
    return found


@pytest.mark.parametrize("verb", ["freeze", "reset", "rollback"])
def test_a_command_on_a_directory_ends_where_one_to_a_daemon_does(verb: str, tmp_path: Path) -> None:
    commanded, its_producer = learned(verb)
    commanded.boot()
    commanded.run(its_producer)
    world, producer = learned()
    put(world, tmp_path)
    facts(verb, "s", "--directory", str(tmp_path), *(["--to", "6"] if verb == "rollback" else []))
    assert taken_up(tmp_path, world, producer).state_hash() == commanded.state_hash()


def test_a_stream_frozen_and_thawed_is_where_it_was(tmp_path: Path) -> None:
    world, producer = learned()
    put(world, tmp_path)
    for verb in ("freeze", "thaw"):
        facts(verb, "s", "--directory", str(tmp_path))
    undisturbed = World()
    undisturbed.run(Producer(undisturbed, plan=PLAN))
    assert taken_up(tmp_path, world, producer).state_hash() == undisturbed.state_hash()


def test_both_newest_checkpoints_hold_it_and_none_is_dropped(directory: Path) -> None:
    before = sorted(path.name for path in (directory / "s").iterdir())
    facts("freeze", "s")
    after = sorted(path.name for path in (directory / "s").iterdir())
    assert after[: len(before)] == before
    found = CheckpointStore(LocalFileSystem(), str(directory), keep=9).find("s").valid
    assert [one.frozen for one in found] == [True, True]
    assert len(after) == len(before) + 2


def test_the_facts_say_what_was_done_and_by_what(directory: Path) -> None:
    found = facts("rollback", "s", "--to", "6")
    assert found == {
        "by": "directory",
        "stream": "s",
        "command": "rollback",
        "to": 6,
        "next_sequence": found["next_sequence"],
        "serial": found["serial"],
        "frozen": False,
    }
    assert facts("retire", "s")["moved_to"] == "checkpoints/.retired-s-1"


@pytest.mark.parametrize("verb", VERBS)
def test_a_person_is_told_in_one_line(verb: str, directory: Path) -> None:
    result = run(verb, "s")
    assert result.exit_code == 0
    assert result.stdout.startswith("s ")
    assert result.stdout.count("\n") == 1


def test_a_retired_stream_is_aside_and_its_name_is_free(directory: Path) -> None:
    run("retire", "s")
    assert sorted(path.name for path in directory.iterdir()) == [".lock", ".retired-s-1"]
    assert error("freeze", "s").expected == "one of: none"


def test_the_directory_is_free_at_once_after_a_command_though_its_error_is_kept(directory: Path) -> None:
    kept = [error("rollback", "s", "--to", "77"), error("freeze", "unknown")]
    assert run("freeze", "s").exit_code == 0
    assert all(isinstance(one, UnavailableError) for one in kept)


def test_a_stream_of_which_nothing_is_whole_can_be_retired_and_nothing_else(directory: Path) -> None:
    for path in (directory / "s").iterdir():
        path.write_bytes(b"rubbish")
    assert isinstance(error("reset", "s"), CorruptError)
    assert run("retire", "s").exit_code == 0


def test_a_damaged_newest_checkpoint_is_passed_over(directory: Path) -> None:
    newest = max((directory / "s").iterdir())
    newest.write_bytes(b"rubbish")
    assert facts("freeze", "s")["frozen"] is True


@pytest.mark.parametrize("verb", VERBS)
def test_a_file_beside_the_folders_is_no_stream(verb: str, directory: Path) -> None:
    (directory / "README").write_text("mine")
    assert "Not a directory" in str(error(verb, "README"))
    assert (directory / "README").read_text() == "mine"


def test_a_directory_that_cannot_be_locked_is_told_in_words(directory: Path) -> None:
    (directory / ".lock").mkdir()
    assert "cannot be locked" in str(error("freeze", "s"))


def test_a_disk_that_is_full_is_told_in_words(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(files: LocalFileSystem, path: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LocalFileSystem, "sync", refuse)
    told = error("freeze", "s")
    assert "No space left on device" in str(told)
    assert not isinstance(told, UnavailableError)  # exit 1: no mistake of the person's


@pytest.mark.parametrize(
    "arguments",
    [
        ("freeze", "other"),
        ("freeze", "../s"),
        ("freeze", "s", "--directory", "nowhere"),
        ("rollback", "s", "--to", "99"),
    ],
)
def test_a_mistake_is_told_in_words(arguments: tuple[str, ...], directory: Path) -> None:
    before = sorted(path.name for path in (directory / "s").iterdir())
    assert isinstance(error(*arguments), UnavailableError)
    assert sorted(path.name for path in (directory / "s").iterdir()) == before


def test_a_directory_of_the_settings_is_taken_if_none_is_given(directory: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[checkpoints]\ndirectory = "elsewhere"\n')
    directory.rename(tmp_path / "elsewhere")
    assert facts("freeze", "s", "--config", "mine.toml")["frozen"] is True
    assert isinstance(error("freeze", "s"), UnavailableError)
