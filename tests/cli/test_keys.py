"""`streamer keys`: files that are whole, private and never replaced."""

import json
import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from streamer.app import keymaking
from streamer.cli.keys import application
from streamer.config.allowlist import read_allow_list
from streamer.config.keys import read_public, read_secret
from streamer.errors import UnavailableError
from streamer.transport.curve import public_of


def run(*arguments: str):
    return CliRunner().invoke(application, arguments)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("given", "path"), [([], "streamer.key"), (["mine"], "mine")])
def test_a_pair_is_made_whose_secret_is_its_owners_alone(given: list[str], path: str) -> None:
    facts = json.loads(run("new", *given, "--json").stdout)
    assert facts == {
        "secret_file": path,
        "public_file": f"{path}.pub",
        "public_key": public_of(read_secret(path, "key")),
    }
    assert read_public(f"{path}.pub", "daemon_key") == facts["public_key"]
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    assert sorted(file.name for file in Path().iterdir()) == [path, f"{path}.pub"]


def test_a_public_file_is_a_line_of_an_allow_list() -> None:
    run("new", "a")
    run("new", "b")
    Path("allowed").write_text(Path("a.pub").read_text() + Path("b.pub").read_text())
    assert len(read_allow_list("allowed")) == 2


def test_what_is_printed_for_people_has_the_public_key_and_not_the_secret_one() -> None:
    words = run("new", "a").stdout
    assert read_public("a.pub", "") in words
    assert read_secret("a", "") not in words


def test_the_public_key_is_shown_from_the_secret_one() -> None:
    run("new", "a")
    assert run("show", "a").stdout == Path("a.pub").read_text()
    assert json.loads(run("show", "a", "--json").stdout) == {"public_key": read_public("a.pub", "")}


@pytest.mark.parametrize("taken", ["a", "a.pub"])
def test_nothing_that_is_there_is_replaced_and_nothing_else_is_made(taken: str) -> None:
    Path(taken).write_text("precious")
    result = run("new", "a")
    assert isinstance(result.exception, UnavailableError)
    assert taken in str(result.exception)
    assert [(file.name, file.read_text()) for file in Path().iterdir()] == [(taken, "precious")]


def test_a_file_that_appears_meanwhile_is_not_replaced_either(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a").write_text("precious")
    monkeypatch.setattr(os.path, "lexists", lambda path: False)
    with pytest.raises(UnavailableError, match="never replaced"):
        keymaking.make_keys("a")
    assert [(file.name, file.read_text()) for file in Path().iterdir()] == [("a", "precious")]


def test_a_folder_that_cannot_be_written_is_named() -> None:
    with pytest.raises(UnavailableError, match=r"no/such/a \(No such file or directory\)"):
        keymaking.make_keys("no/such/a")
