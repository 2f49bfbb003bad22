"""The unit is clean, closed, and lets a daemon do its work."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from streamer.config.loading import load
from tests.deploy.tools import DEPLOY, passes, tool
from tests.end_to_end.processes import STREAMER, Daemon, ended, produce

UNIT = DEPLOY / "systemd" / "streamer.service"
CONFINED = Path(__file__).parent / "confined.py"
MOST_EXPOSURE = 1.5


def values(key: str) -> list[str]:
    """What a key of the unit is given, in order."""
    return re.findall(rf"^{key}=(.*)$", UNIT.read_text(), flags=re.MULTILINE)


def test_systemd_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    installed = tmp_path / "streamer.service"
    installed.write_text(UNIT.read_text().replace("/opt/streamer/bin/streamer", sys.executable))
    assert passes("systemd-analyze", "verify", "--man=no", installed) == ""


def test_little_is_exposed() -> None:
    threshold = str(int(MOST_EXPOSURE * 10))
    passes("systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={threshold}", UNIT)


def test_memory_may_be_written_and_executed_for_kernels_are_compiled() -> None:
    assert not values("MemoryDenyWriteExecute")


def test_the_watchdog_is_on_and_a_wrong_setting_is_not_tried_again() -> None:
    assert values("Type") == ["notify"]
    assert values("WatchdogSec")
    assert values("RestartPreventExitStatus") == ["2"]


def test_the_settings_shipped_are_settings_and_lie_where_the_unit_looks() -> None:
    settings = load(str(UNIT.parent / "streamer.toml")).settings
    assert settings.checkpoints.directory.startswith(f"/var/lib/{values('StateDirectory')[0]}/")
    assert values("ExecStart") == ["/opt/streamer/bin/streamer run --config /etc/streamer/streamer.toml"]


def system_calls() -> str:
    """The unit's system call filter as one list of words: a ~ there holds for all the words after it."""
    lines = [(value.removeprefix("~").split(), "~" * value.startswith("~")) for value in values("SystemCallFilter")]
    return " ".join(sign + name for names, sign in lines for name in names)


@pytest.mark.timeout(180)
def test_a_daemon_under_the_units_system_calls_learns_saves_and_stops(tmp_path: Path) -> None:
    tool("systemd-analyze")
    daemon = Daemon(tmp_path, program=(sys.executable, str(CONFINED), system_calls(), *STREAMER))
    with ended(daemon, producer := produce(daemon.endpoint, 1000)):
        assert producer.finish()[0] == 0
        assert daemon.end()[0] == 0
    assert list(tmp_path.glob("bits/*"))


def test_what_is_not_in_the_list_is_refused() -> None:
    tool("systemd-analyze")
    code = "import os; os.sched_setaffinity(0, os.sched_getaffinity(0))"
    free = [sys.executable, "-c", code]
    confined = [sys.executable, str(CONFINED), system_calls(), *free]
    assert subprocess.run(free, timeout=50).returncode == 0
    done = subprocess.run(confined, capture_output=True, text=True, timeout=50)
    assert "PermissionError: [Errno 1]" in done.stderr
