import json
import math
from dataclasses import replace
from typing import Any

import pytest

from streamer.learning.standing import ALONE, Standing, Standings
from streamer.telemetry.histogram import LAG_BOUNDS, Histogram
from streamer.telemetry.record import Board, ServiceRecord
from streamer.telemetry.status import STALE_SECONDS, health, samples_per_second, seconds, status, stream_status
from tests.telemetry.records import BUSY, FRESH, SERIES, SERVICE


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for each in value.values() for number in numbers_in(each)]
    if isinstance(value, list):
        return [number for each in value for number in numbers_in(each)]
    return [value] if isinstance(value, float) else []


@pytest.mark.parametrize("record", [SERVICE, Board().record, ServiceRecord(state="stopping")], ids=lambda r: r.state)
def test_the_status_is_json_without_nan(record: ServiceRecord) -> None:
    whole = status(record, 1004.0)
    assert json.loads(json.dumps(whole, allow_nan=False)) == whole
    assert all(map(math.isfinite, numbers_in(whole)))


def test_what_is_not_known_yet_is_null() -> None:
    fresh = stream_status(FRESH, 1004.0)
    unknown = ["accuracy", "accuracy_overall", "accuracy_fading", "log_loss_bits", "solved_at", "epoch"]
    unknown += ["samples_per_second", "step_microseconds", "last_sample_at", "checkpoint_at"]
    assert {name: fresh[name] for name in unknown} == dict.fromkeys(unknown)
    assert fresh["baseline_accuracy"] == {"majority": None, "last_value": None}


def test_a_stream_at_work_is_told_whole() -> None:
    busy = status(SERVICE, 1004.0)["streams"]["busy"]
    assert (busy["accuracy"], busy["accuracy_overall"], busy["accuracy_fading"]) == (0.9, 0.75, 0.85)
    assert busy["baseline_accuracy"] == {"majority": 0.72, "last_value": 0.62}
    assert busy["baseline_accuracy_overall"] == {"majority": 0.7, "last_value": 0.6}
    assert (busy["next_sequence"], busy["acknowledged"], busy["queued"]) == (410, 200, 7)
    assert (busy["outcomes"], busy["rejected"]) == (BUSY.outcomes, BUSY.rejected)
    assert (busy["gap"], busy["frozen"], busy["build_differences"]) == (12, True, ["numpy 2.0 there, 2.1 here"])
    assert busy["step_microseconds"] == pytest.approx(1e6 * 0.5 / 406)
    assert (busy["solved_at"], busy["learning_curve"], busy["state_hash"]) == (250, [0.5, 1.0], "ab")


def test_the_speed_is_over_this_process_life() -> None:
    assert (seconds(BUSY), samples_per_second(BUSY)) == (4.0, 406 / 4)


def test_a_single_sample_has_no_speed() -> None:
    single = replace(BUSY, last_sample_at=BUSY.first_sample_at, steps=1)
    assert (seconds(single), samples_per_second(single)) == (0.0, None)


def test_a_clock_set_back_makes_no_negative_speed() -> None:
    assert samples_per_second(replace(BUSY, last_sample_at=1.0)) is None


@pytest.mark.parametrize("state", ["starting", "degraded", "stopping"])
def test_a_daemon_that_is_not_ready_says_why(state: str) -> None:
    record = ServiceRecord(state=state, reasons=("stream a: checkpoints cannot be written", "another"))
    reasons = ["stream a: checkpoints cannot be written", "another"]
    assert health(record, 0.0) == (False, {"state": state, "reasons": reasons})


def test_a_daemon_that_is_ready_needs_no_reason() -> None:
    assert health(SERVICE, 0.0) == (True, {"state": "ready", "reasons": []})


def test_a_loop_that_has_not_been_heard_of_is_not_ready() -> None:
    record = replace(SERVICE, published_at=100.0)
    assert health(record, 100.0 + STALE_SECONDS)[0]
    is_ready, answer = health(record, 131.0)
    assert (is_ready, answer["state"]) == (False, "degraded")
    assert "31 s" in answer["reasons"][0]


def test_the_skill_is_told_with_its_limits_over_the_best_null_model_and_over_each() -> None:
    skill = stream_status(BUSY, 1004.0)["skill"]
    assert (skill["unit"], skill["verdict"], skill["samples"], skill["best_baseline"]) == (
        "bits",
        "learning",
        272,
        "tapped",
    )
    assert (skill["gain"], skill["low"], skill["high"]) == (0.125, -0.125, 0.375)
    assert skill["baselines"]["majority"] == {"gain": 0.5, "low": 0.25, "high": 0.75}
    fresh = stream_status(FRESH, 1004.0)["skill"]
    assert (fresh["gain"], fresh["low"], fresh["best_baseline"], fresh["samples"]) == (None, None, None, 0)


def test_a_stream_of_numbers_has_errors_and_no_accuracy_and_one_of_classes_the_reverse() -> None:
    numbers, classes = stream_status(SERIES, 1004.0), stream_status(BUSY, 1004.0)
    assert set(numbers) == set(classes)
    assert (numbers["task"], classes["task"]) == ("forecast", "binary")
    assert (numbers["absolute_error"], numbers["interval_coverage"], numbers["interval_width"]) == (2.0, 0.91, 8.0)
    assert numbers["baseline_absolute_error"]["tapped"] == 4.0
    assert {ahead: errors["absolute_error"] for ahead, errors in numbers["horizons"].items()} == {"1": 2.0, "6": 4.0}
    assert (numbers["accuracy"], numbers["baseline_accuracy"], numbers["learning_curve"]) == (None, {}, [])
    assert (classes["absolute_error"], classes["baseline_absolute_error"], classes["horizons"]) == (None, {}, {})


def test_a_committee_tells_its_members_in_order_and_what_mixing_them_gains() -> None:
    busy = stream_status(BUSY, 1004.0)
    assert [member["name"] for member in busy["members"]] == ["linear", "knn", "gru_16", "markov_3"]
    assert busy["members"][2] == {"name": "gru_16", "share": 0.125, "loss": 0.25, "benched": 3, "out": True}
    assert busy["members"][3]["loss"] is None
    assert busy["committee"] == {"loss": 0.3125, "best": "knn", "gain_over_best": 0.0625}
    assert stream_status(SERIES, 1004.0)["committee"]["gain_over_best"] == pytest.approx(1 / 6)


def test_a_learner_is_no_committee_and_one_that_has_seen_no_label_knows_no_gain() -> None:
    assert (stream_status(FRESH, 1004.0)["members"], stream_status(FRESH, 1004.0)["committee"]) == ([], None)
    begun = Standings((Standing("linear", 1.0, math.nan),))
    told = stream_status(replace(FRESH, standings=begun), 1004.0)["committee"]
    assert told == {"loss": None, "best": None, "gain_over_best": None}


def test_members_do_not_change_the_verdict() -> None:
    alone = stream_status(replace(BUSY, standings=ALONE), 1004.0)
    assert alone["verdict"] == stream_status(BUSY, 1004.0)["verdict"]


def test_what_was_done_to_each_column_and_how_late_labels_came_is_told() -> None:
    lags = Histogram(LAG_BOUNDS)
    lags.observe(3, 2)
    told = stream_status(replace(SERIES, label_lags=lags.read()), 1004.0)
    assert told["columns"] == [{"name": "price", "kind": "numeric"}]
    assert told["label_lag"] == {"labels": 2, "mean": 3.0}
    assert stream_status(FRESH, 1004.0)["label_lag"] == {"labels": 0, "mean": None}
