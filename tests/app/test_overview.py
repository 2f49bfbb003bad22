import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from streamer.app.overview import daemon_view
from streamer.app.tailing import Tail
from streamer.app.watching import chosen
from streamer.errors import StreamerError
from streamer.learning.standing import ALONE, Standing, Standings
from streamer.telemetry.closeup import closeup, encoded
from streamer.telemetry.record import Recent, ServiceRecord, StreamRecord
from streamer.telemetry.status import status
from tests.telemetry.records import BUSY as RECORD
from tests.telemetry.records import FRESH
from tests.telemetry.records import SERVICE as RECORDS

BUSY = replace(RECORD, frozen=False, standings=ALONE)
SERVICE = replace(RECORDS, streams=(BUSY, FRESH))


def seen(record: ServiceRecord, wanted: str | None = None, width: int = 80, *, colour: bool = False) -> str:
    told = status(record, 1004.0)
    console = Console(
        file=io.StringIO(), width=width, force_terminal=colour, color_system="standard" if colour else None
    )
    console.print(daemon_view(told, chosen(told, wanted)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_daemon_is_shown_with_its_state_and_a_stream_with_the_three_answers() -> None:
    words = seen(replace(SERVICE, streams=(BUSY,)))
    for fact in ("ready", "producers connect to tcp://127.0.0.1:15577", "busy", "90.0 %", "✓ Learning", "✓ Keeping up"):
        assert fact in words
    assert "○ Something to know" in words
    assert "samples refused: 4" in words


def test_several_streams_are_listed_and_one_is_shown_in_full() -> None:
    words = seen(SERVICE, "fresh")
    assert "busy" in words
    assert "─ fresh ─" in words
    assert "─ busy ─" not in words


def test_a_name_is_words_and_no_markup() -> None:
    record = replace(SERVICE, streams=(replace(BUSY, name="[red]a[/]"), FRESH))
    assert seen(record).count("[red]a[/]") == 2


def test_trouble_is_in_the_list() -> None:
    late = replace(BUSY, name="late", queued=100_000, lag_seconds=60.0)
    assert "! Falling behind" in seen(replace(SERVICE, streams=(FRESH, late)))


def test_a_daemon_that_is_not_ready_says_why() -> None:
    words = seen(replace(SERVICE, state="degraded", reasons=("the disk is full",)))
    assert "degraded" in words
    assert "the disk is full" in words


def test_without_a_stream_it_says_how_to_get_one() -> None:
    assert "streamer produce bits --to tcp://127.0.0.1:15577" in seen(replace(SERVICE, streams=()), width=200)


def test_it_fits_80_columns_and_has_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("a" * 64, "b" * 64)
    record = replace(SERVICE, streams=tuple(replace(BUSY, name=name, samples=10**12) for name in names))
    assert max(len(line) for line in seen(record).splitlines()) <= 80
    assert "\x1b[" in seen(record, colour=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in seen(record, colour=True)


def test_a_stream_that_the_daemon_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(StreamerError, match="nobody"):
        chosen(status(SERVICE, 0.0), "nobody")


def at(number: int, stream: StreamRecord = BUSY) -> dict[str, Any]:
    """The stream as a daemon tells it, its last sample being that one."""
    assert BUSY.recent is not None
    recent = Recent(np.arange(number - 2, number + 1), BUSY.recent.inputs, BUSY.recent.targets, BUSY.recent.predictions)
    told: dict[str, Any] = json.loads(encoded(closeup(replace(stream, recent=recent), SERVICE, 0.0)))
    return told


def test_tail_tells_each_sample_once() -> None:
    tail = Tail()
    assert [line["number"] for line in tail.lines(at(409))] == [407, 408, 409]
    assert tail.lines(at(409)) == []
    assert [line["number"] for line in tail.lines(at(410))] == [410]


def test_tail_marks_what_went_by_unseen() -> None:
    tail = Tail()
    tail.lines(at(409))
    lines = tail.lines(at(500))
    assert lines[0] == {"gap": 88, "from": 410, "to": 497}
    assert [line["number"] for line in lines[1:]] == [498, 499, 500]


def test_tail_gives_samples_their_own_numbers_and_calls_labels_between_them_no_gap() -> None:
    tail, told = Tail(), at(409)
    told["recent"]["numbers"] = [403, 405, 406]
    assert [line["number"] for line in tail.lines(told)] == [403, 405, 406]
    told["recent"]["numbers"] = [405, 406, 409]
    assert [line["number"] for line in tail.lines(told)] == [409]


def test_tail_begins_anew_with_another_log() -> None:
    tail = Tail()
    tail.lines(at(409))
    assert [line["number"] for line in tail.lines(at(5, replace(BUSY, epoch="f" * 16)))] == [3, 4, 5]


def test_tail_has_nothing_to_tell_before_the_first_sample() -> None:
    assert Tail().lines(closeup(FRESH, SERVICE, 0.0)) == []


def test_tail_names_who_carries_a_committee_whenever_that_changes() -> None:
    def led_by(name: str) -> StreamRecord:
        return replace(BUSY, standings=Standings((Standing("linear", 0.4, 0.5), Standing(name, 0.6, 0.4))))

    tail = Tail()
    assert tail.lines(at(409, led_by("knn")))[-1] == {"leading": "knn", "share": 0.6}
    assert [set(line) & {"leading"} for line in tail.lines(at(410, led_by("knn")))] == [set()]
    assert tail.lines(at(411, led_by("gru_16")))[-1] == {"leading": "gru_16", "share": 0.6}


def test_a_sample_without_a_label_is_neither_right_nor_wrong() -> None:
    lines = Tail().lines(at(409))
    assert [(line["target"], line["right"]) for line in lines] == [(0.0, True), (None, None), (1.0, True)]
