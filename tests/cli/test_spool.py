"""What a user reads when a spool is started wrongly. What it does when started rightly is in the end-to-end tests."""

import subprocess
import sys
from pathlib import Path

import pytest


def spool(*arguments: str, given: bytes = b"") -> tuple[int, str]:
    command = [sys.executable, "-m", "streamer", "spool", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, timeout=50)
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "nonsense"], ["--to", "nonsense", "15577"]),
        (["--to", "tcp://127.0.0.1:99999", "--listen", "tcp://127.0.0.1"], ["2 settings", "--to", "--listen"]),
        (["--listen", "tcp://0.0.0.0:5555"], ["--listen", "other machines", "--insecure"]),
        (["--subscribe", "tcp://example.org:5555"], ["--subscribe", "--insecure"]),
        (["--listen", "tcp://127.0.0.1:1", "--reply", "tcp://127.0.0.1:2"], ["one of --listen, --reply"]),
        (["--stream", "../etc"], ["../etc"]),
        (["--inputs", "65"], ["--inputs"]),
        (["--limit-megabytes", "0"], ["--limit-megabytes"]),
        (["--sync-milliseconds", "-1"], ["--sync-milliseconds"]),
    ],
)
def test_what_cannot_be_is_refused_with_its_cure_before_anything_is_made(
    tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    code, errors = spool(str(tmp_path / "log"), "--stream", "s", *arguments)
    assert code == 2
    assert [word for word in words if word not in errors] == []
    assert "Traceback" not in errors
    assert not (tmp_path / "log").exists()


def test_an_address_that_zeromq_cannot_use_is_refused(tmp_path: Path) -> None:
    code, errors = spool(str(tmp_path / "log"), "--stream", "s", "--subscribe", "tcp://127.0.0.1:*")
    assert code == 2
    assert "--subscribe cannot be used" in errors
    assert "Traceback" not in errors


def test_a_directory_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    code, errors = spool(str(tmp_path / "file"), "--stream", "s")
    assert code == 2
    assert "directory cannot be used" in errors
    assert "Traceback" not in errors
