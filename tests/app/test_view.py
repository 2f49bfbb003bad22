import io
from dataclasses import replace

from rich.console import Console

from streamer.app.view import stream_view
from streamer.sources.bits import BitSource
from streamer.telemetry.record import StreamRecord
from streamer.telemetry.status import stream_status
from tests.service.world import Producer, World
from tests.telemetry.records import BUSY, FRESH, SERIES, STANDINGS


def seen(stream: dict[str, object], width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(stream_view("bits", stream, "http://127.0.0.1:19377/metrics"))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_stream_that_nobody_has_sent_yet_can_be_shown() -> None:
    assert "not solved yet" in seen({})


def test_the_view_shows_the_learner_beside_its_baselines() -> None:
    world = World()
    world.run(Producer(world, BitSource(seed=1)))
    shown = seen(stream_status(world.record(), 0.0))
    for words in (
        "learner",
        "majority class",
        "last value",
        "300 samples",
        "chain engine",
        "live page  http://127.0.0.1:19377/",
    ):
        assert words in shown


def test_the_chart_rises_with_the_accuracy() -> None:
    shown = seen({"learning_curve": [0.5, 0.75, 1.0], "baseline_accuracy_overall": {"majority": 0.75}})
    rows = [line for line in shown.splitlines() if "█" in line]
    assert [row.count("█") for row in rows] == [2, 2, 2, 4, 4, 4]
    assert ["◂" in row for row in rows] == [False, False, True, False, False, False]
    assert "majority 75.0 %" in shown


def test_numbers_are_shown_by_their_errors_and_what_is_gained_beside_them() -> None:
    shown = seen(stream_status(SERIES, 1004.0), width=80)
    rows = [" ".join(line.strip("│ ").split()) for line in shown.splitlines()]
    assert "learner 2 mean error; 91.0 % inside" in rows
    assert "linear model 4" in rows
    assert "6 ahead 4 91.0 % inside" in rows
    assert "gain 0.50 of error over mean (0.25 to 0.75)" in rows
    assert "right" not in shown.replace("right predictions", "")
    assert max(map(len, shown.splitlines())) < 80


def test_a_committee_says_who_carries_it_what_mixing_gains_and_who_is_out() -> None:
    def rows(stream: StreamRecord) -> list[str]:
        shown = [
            " ".join(line.strip("│ ").split()) for line in seen(stream_status(stream, 1004.0), width=80).splitlines()
        ]
        at = shown.index("carried by 62.5 % knn, then linear 25.0 %")
        return shown[at : at + 3]

    assert rows(BUSY)[1:] == ["0.062 bits gained over its best member, knn", "1 out of 4: gru_16"]
    assert rows(SERIES)[1] == "0.167 of error gained over its best member, knn"
    dear = replace(BUSY, standings=replace(STANDINGS, loss=0.5))
    assert rows(dear)[1] == "0.125 bits lost against its best member, knn"
    even = replace(BUSY, standings=replace(STANDINGS, loss=0.3751))
    assert rows(even)[1] == "as good as its best member, knn"
    assert "carried by" not in seen(stream_status(FRESH, 1004.0))


def test_the_view_fits_80_columns() -> None:
    status = {
        "learning_curve": [1.0] * 20,
        "baseline_accuracy_overall": {"majority": 0.7512},
        "samples_per_second": 987_654.3,
        "step_microseconds": 1.04,
        "next_sequence": 123_456_789_012,
        "engine": "reference",
    }
    lines = seen(status, width=80).splitlines()
    assert max(len(line) for line in lines) < 80
    assert len(lines) == len(seen(status, width=200).splitlines())


def test_a_best_effort_stream_says_what_was_lost() -> None:
    status: dict[str, object] = {
        "mode": "best effort",
        "missing": 1_240,
        "rejected": {"late": 6, "stale": 2},
        "outcomes": {"duplicate": 3},
    }
    assert "best effort: 1,234 lost · 6 late · 3 doubled · 0 too fast" in seen(status)
    assert max(map(len, seen(status, width=80).splitlines())) < 80
    assert "best effort" not in seen(status | {"mode": "reliable"})
