"""`streamer doctor` as a person runs it."""

import json
import subprocess
import sys
from pathlib import Path

STREAMER = (sys.executable, "-m", "streamer", "doctor")


def doctor(folder: Path, *arguments: str) -> tuple[int, str]:
    chosen = (f"checkpoints.directory={folder}", "telemetry.port=0", "transport.listen=tcp://127.0.0.1:*")
    words = [word for setting in chosen for word in ("--set", setting)]
    done = subprocess.run([*STREAMER, *words, *arguments], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_machine_that_will_do_ends_with_0(tmp_path: Path) -> None:
    code, output = doctor(tmp_path, "--json")
    findings = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert len({finding["check"] for finding in findings}) == len(findings) == 11
    assert "problem" not in {finding["level"] for finding in findings}


def test_a_problem_ends_with_1_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, output = doctor(tmp_path, "--set", f"checkpoints.directory={tmp_path}/file")
    assert code == 1
    assert output.startswith("problem  checkpoints")
    assert "do this:" in output.splitlines()[1]
