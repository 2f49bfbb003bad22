import json

import pytest

from streamer.app.logs import REPEAT_SECONDS, LogObserver, set_up_logs
from streamer.clock import FakeClock


def lines(errors: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in errors.splitlines()]


def test_a_warning_that_repeats_is_written_once_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    set_up_logs()
    observer = LogObserver(clock)
    for _ in range(100):
        observer.warn("frame refused", reason="checksum")
    clock.advance(REPEAT_SECONDS)
    observer.warn("frame refused", reason="checksum")
    first, second = lines(capsys.readouterr().err)
    assert "repeats_held_back" not in first
    assert second["repeats_held_back"] == 99


def test_another_reason_is_another_warning(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    observer = LogObserver(FakeClock())
    observer.warn("frame refused", reason="checksum")
    observer.warn("frame refused", reason="version")
    assert [line["reason"] for line in lines(capsys.readouterr().err)] == ["checksum", "version"]


def test_what_a_stranger_sends_cannot_forge_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    LogObserver(FakeClock()).warn("frame refused", reason="fields", why='x\n{"event": "ready"}')
    assert len(lines(capsys.readouterr().err)) == 1
