import json
from dataclasses import replace

import pytest

from streamer.learning.standing import ALONE, Standing, Standings
from streamer.telemetry.history import SERIES, SHOWN, History
from streamer.telemetry.record import ServiceRecord
from tests.telemetry.records import BUSY, FRESH, SERVICE


def filled(count: int, length: int = 600) -> History:
    history = History(1000.0, length=length)
    for second in range(count):
        history.add(SERVICE, 2000.0 + second)
    return history


def test_an_event_holds_the_points_of_all_streams() -> None:
    history = filled(1)
    moment = json.loads(history.after(None)[0].data)
    assert (moment["at"], moment["state"]) == (2000.0, "ready")
    assert set(moment["streams"]) == {"busy", "fresh", "series"}
    assert moment["streams"]["busy"]["accuracy"] == 0.9
    series = moment["streams"]["series"]
    assert (series["absolute_error"], series["best_error"], series["interval_coverage"]) == (2.0, 4.0, 0.91)
    assert moment["streams"]["fresh"]["accuracy"] is None
    assert moment["streams"]["busy"]["baseline_accuracy"] == {"majority": 0.72, "last_value": 0.62}


def test_who_was_there_gets_what_came_since() -> None:
    history = filled(5)
    events = history.after("f4240-3")
    assert [history.name(event) for event in events] == ["f4240-4", "f4240-5"]
    assert history.after(history.newest()) == []


def test_who_comes_without_an_id_gets_the_newest() -> None:
    assert [event.number for event in filled(5).after(None)] == [5]


@pytest.mark.parametrize(
    "last", ["", "-", "f4240-", "f4240-x", "f4240--3", "f4240-٣", "ffff-3", "nonsense", "f4240", "f4240-" + 5000 * "9"]
)
def test_an_id_of_another_daemon_or_none_of_ours_gets_everything_that_is_kept(last: str) -> None:
    assert len(filled(5).after(last)) == 5


def test_who_was_away_too_long_gets_what_is_kept() -> None:
    assert [event.number for event in filled(9, length=3).after("f4240-2")] == [7, 8, 9]


def test_memory_is_bounded_in_time_and_in_streams() -> None:
    history = History(0.0, length=3)
    crowd = tuple(replace(FRESH, name=f"s{index}") for index in range(SHOWN + 10))
    for second in range(9):
        history.add(ServiceRecord("ready", streams=crowd), float(second))
    events = history.after("other")
    assert len(events) == 3
    assert len(json.loads(events[0].data)["streams"]) == SHOWN


def test_columns_are_one_streams_series_in_step() -> None:
    columns = filled(3).columns("busy")
    assert columns["at"] == [2000.0, 2001.0, 2002.0]
    assert set(columns) == {"at", *SERIES}
    assert columns["majority"] == [0.72] * 3
    assert filled(3).columns("nobody") == {name: [] for name in ("at", *SERIES)}


def test_the_shares_of_a_committees_members_are_kept_in_step_with_the_columns() -> None:
    history = filled(2)
    later = Standings(
        (Standing("linear", 0.123456, 0.5), Standing("knn", 0.876544, 0.4), Standing("markov_3", 1e-5, 1))
    )
    history.add(replace(SERVICE, streams=(replace(BUSY, standings=later), FRESH)), 2002.0)
    before = {"linear": 0.25, "knn": 0.625, "gru_16": 0.125}
    assert history.shares("busy") == [before, before, {"linear": 0.123, "knn": 0.877}]
    assert len(history.shares("busy")) == len(history.columns("busy")["at"])
    assert history.shares("fresh") == [{}, {}, {}]
    assert "shares" not in json.loads(history.after(None)[0].data)["streams"]["fresh"]


def test_a_moment_of_many_large_committees_is_bounded() -> None:
    def size(standings: Standings) -> int:
        crowd = tuple(replace(BUSY, name=f"s{index}", standings=standings) for index in range(SHOWN))
        history = History(0.0)
        history.add(ServiceRecord("ready", streams=crowd), 0.0)
        return len(history.after(None)[0].data)

    largest = Standings(tuple(Standing(f"gru_16_memory_{place:02}", 1 / 24, 0.5) for place in range(24)))
    assert size(largest) - size(ALONE) <= SHOWN * 24 * 32


def test_the_speed_is_that_between_two_looks_by_when_samples_were_learned() -> None:
    history = History(0.0)
    assert history.rate("busy") is None
    history.add(SERVICE, 10.0)
    assert history.rate("busy") is None
    later = replace(BUSY, steps=BUSY.steps + 50, last_sample_at=(BUSY.last_sample_at or 0) + 2.0)
    history.add(replace(SERVICE, streams=(later,)), 11.0)
    assert history.rate("busy") == 25.0
    history.add(replace(SERVICE, streams=(later,)), 12.0)
    assert history.rate("busy") == 0.0
