"""`streamer checkpoint` on what a daemon has left behind."""

import json
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file
from typer.testing import CliRunner

from streamer.checkpoints.format import FORMAT
from streamer.checkpoints.store import CheckpointStore
from streamer.cli.checkpoint import application
from streamer.errors import CorruptError, UnavailableError
from streamer.filesystem.local import LocalFileSystem
from tests.service.world import Producer, World


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The checkpoints of a finished run."""
    world = World()
    world.run(Producer(world))
    store = CheckpointStore(LocalFileSystem(), str(tmp_path), keep=3)
    for checkpoint in reversed(world.store.find("s").valid):
        store.save(checkpoint)
    return tmp_path


def run(*arguments: str):
    return CliRunner().invoke(application, arguments)


def facts(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return found


def newest(directory: Path) -> Path:
    return max((directory / "s").glob("*.ckpt"))


def test_ls_names_every_checkpoint_newest_first(directory: Path) -> None:
    files = facts("ls", str(directory))["files"]
    assert [file["path"] for file in files] == sorted((str(p) for p in directory.glob("s/*.ckpt")), reverse=True)
    assert {file["stream"] for file in files} == {"s"}
    assert str(newest(directory)) in run("ls", str(directory)).stdout


def test_inspect_tells_cursors_settings_and_arrays(directory: Path) -> None:
    found = facts("inspect", str(newest(directory)))
    assert list(found["positions"].values()) == [300]
    assert found["structure"] == {"learner.hidden": 3}
    assert (found["format"], found["frozen"]) == (FORMAT, False)
    assert (found["build"], found["build_differences"]) == ({"numpy": "2"}, ["numpy 2 there, none here"])
    assert "numpy 2 there, none here" in run("inspect", str(newest(directory))).stdout
    assert "learner.link" in {array["name"] for array in found["arrays"]}
    assert "learner.link" in run("inspect", str(newest(directory))).stdout


def test_verify_finds_the_damaged_one_and_exits_1(directory: Path) -> None:
    assert run("verify", str(directory)).exit_code == 0
    data = newest(directory).read_bytes()
    newest(directory).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    result = run("verify", str(directory), "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["damaged"]) == (1, 1)
    assert [file["path"] for file in found["files"] if not file["valid"]] == [str(newest(directory))]


def test_verify_tells_format_and_what_is_frozen(directory: Path) -> None:
    assert {(file["format"], file["frozen"]) for file in facts("verify", str(directory))["files"]} == {(FORMAT, False)}


def test_a_retired_stream_is_listed_as_such_and_verified(directory: Path) -> None:
    (directory / "s").rename(directory / ".retired-s-1")
    files = facts("ls", str(directory))["files"]
    assert {(file["stream"], file["retired"]) for file in files} == {(".retired-s-1", True)}
    assert len(facts("verify", str(directory))["files"]) == len(files)


def test_export_writes_what_any_reader_of_safetensors_can_open(directory: Path, tmp_path: Path) -> None:
    target = tmp_path / "arrays.safetensors"
    assert run("export", str(newest(directory)), str(target)).exit_code == 0
    assert load_file(target)["learner.samples"] == 300


def test_what_is_not_there_or_damaged_is_told_in_words(directory: Path) -> None:
    assert isinstance(run("ls", str(directory / "nowhere")).exception, UnavailableError)
    assert isinstance(run("inspect", str(directory / "none.ckpt")).exception, UnavailableError)
    newest(directory).write_bytes(b"nothing")
    assert isinstance(run("inspect", str(newest(directory))).exception, CorruptError)


def test_ls_passes_over_what_is_no_checkpoint_and_what_the_daemon_has_just_removed(directory: Path) -> None:
    before = facts("ls", str(directory))
    (directory / "s" / "1x.ckpt").touch()
    (directory / "s" / "000000000009.ckpt").symlink_to(directory / "removed meanwhile")
    assert facts("ls", str(directory)) == before
