import io
import json

import pytest

from streamer.app.logs import LINES, REPEAT_SECONDS, LogObserver, set_up_logs
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


def test_a_log_that_cannot_be_written_does_not_stop_the_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("sys.stderr", Gone())
    set_up_logs()
    observer = LogObserver(FakeClock())
    observer.note("producer joined", stream="s")
    observer.warn("checkpoint not written", stream="s")


def test_each_key_that_is_turned_away_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    observer = LogObserver(FakeClock())
    for key in ("a" * 40, "b" * 40, "a" * 40):
        observer.warn("connection refused", reason="key", key=key)
    lines = capsys.readouterr().err
    assert [lines.count(letter * 40) for letter in "ab"] == [1, 1]


def test_different_streams_and_files_are_different_lines(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    observer = LogObserver(FakeClock())
    for path in ("a", "b", "a"):
        observer.warn("checkpoint damaged", path=path)
    for _ in range(5):
        observer.note("producer joined", stream="s")
    assert len(lines(capsys.readouterr().err)) == 3


def test_a_flood_of_names_fills_neither_log_nor_memory_and_other_events_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = FakeClock()
    set_up_logs()
    observer = LogObserver(clock)
    for n in range(2_000):
        observer.warn("producer refused", stream=f"flood-{n}", reason="streams")
    observer.warn("checkpoint not written", stream="good")
    assert [line["event"] for line in lines(capsys.readouterr().err)] == [
        *["producer refused"] * LINES,
        "checkpoint not written",
    ]
    clock.advance(REPEAT_SECONDS)
    observer.warn("producer refused", stream="late", reason="streams")
    (line,) = lines(capsys.readouterr().err)
    assert line["others_held_back"] == 2_000 - LINES


def test_a_reload_is_told_however_soon_it_follows_another(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    observer = LogObserver(FakeClock())
    for n in (1, 2):
        observer.note("reloaded", reload=n)
    assert len(lines(capsys.readouterr().err)) == 2


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_text_and_no_colours_where_they_are_not_wanted(
    monkeypatch: pytest.MonkeyPatch, no_color: str, coloured: bool
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("NO_COLOR", no_color)
    set_up_logs()
    LogObserver(FakeClock()).warn("frame refused", reason="version")
    assert ("\x1b[" in terminal.getvalue()) is coloured
    assert "frame refused" in terminal.getvalue()
