import re
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families

from streamer.learning.standing import ALONE, Standing, Standings
from streamer.telemetry.catalogue import COUNTER, HISTOGRAM, SERVICE_METRICS, STREAM_METRICS, Metric
from streamer.telemetry.collector import exposition
from streamer.telemetry.record import Board, ServiceRecord
from tests.telemetry.records import BUSY, FRESH, SERVICE

METRICS: list[Metric[Any]] = [*STREAM_METRICS, *SERVICE_METRICS]
Points = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scrape(record: ServiceRecord | None = None) -> str:
    board = Board()
    if record is not None:
        board.publish(record)
    return exposition(board)[0].decode()


def points(text: str) -> Points:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def point(name: str, **labels: str) -> float:
    return points(scrape(SERVICE))[name, tuple(sorted(labels.items()))]


def test_every_metric_of_the_catalogue_appears_with_its_type_and_help() -> None:
    text = scrape(SERVICE)
    for metric in METRICS:
        exposed = f"{metric.name}_total" if metric.kind == COUNTER else metric.name
        assert f"# HELP {exposed} {metric.meaning}\n" in text
        assert f"# TYPE {exposed} {metric.kind}\n" in text
        first = f"{exposed}_bucket" if metric.kind == HISTOGRAM else exposed
        assert f"\n{first}{{" in text or f"\n{first} " in text


def test_a_scrape_holds_each_point_once() -> None:
    lines = [line.rpartition(" ")[0] for line in scrape(SERVICE).splitlines() if not line.startswith("#")]
    assert len(lines) == len(set(lines)) == len(points(scrape(SERVICE)))


def test_counters_and_only_counters_get_total_at_their_end() -> None:
    counters = {metric.name for metric in METRICS if metric.kind == COUNTER}
    totals = {name.removesuffix("_total") for name, _ in points(scrape(SERVICE)) if name.endswith("_total")}
    assert totals == counters


def test_both_streams_are_told_apart_by_their_label() -> None:
    assert point("streamer_next_sequence", stream="busy") == BUSY.next_sequence
    assert point("streamer_next_sequence", stream="fresh") == 0
    labels = {dict(labels).get("stream") for _, labels in points(scrape(SERVICE))}
    assert labels == {"busy", "fresh", "series", None}


def test_points_hold_what_the_record_holds() -> None:
    assert point("streamer_samples_total", stream="busy", outcome="duplicate") == 3
    assert point("streamer_rejected_samples_total", stream="busy", reason="not_finite") == 3
    assert point("streamer_accuracy_windowed_ratio", stream="busy") == 0.9
    assert point("streamer_baseline_accuracy_windowed_ratio", stream="busy", baseline="majority") == 0.72
    assert point("streamer_producer_connected", stream="busy") == 1
    assert point("streamer_producer_connected", stream="fresh") == 0
    assert point("streamer_refused_frames_total", reason="checksum") == 2
    assert point("streamer_engine", stream="busy", engine="reference") == 1


def test_a_stream_of_numbers_has_errors_by_steps_ahead_and_no_accuracy() -> None:
    assert point("streamer_absolute_error", stream="series", ahead="6") == 4.0
    assert point("streamer_baseline_absolute_error", stream="series", baseline="mean") == 9.5
    assert point("streamer_interval_coverage_ratio", stream="series", ahead="1") == 0.91
    with_accuracy = {dict(labels)["stream"] for name, labels in points(scrape(SERVICE)) if "accuracy" in name}
    assert with_accuracy == {"busy", "fresh"}


def test_the_skill_has_its_limits_and_its_verdict_beside_it() -> None:
    assert point("streamer_skill_gain", stream="busy", baseline="majority") == 0.5
    assert point("streamer_skill_low", stream="busy") == -0.125
    assert point("streamer_skill_high", stream="busy") == 0.375
    assert point("streamer_skill_verdict", stream="busy", verdict="learning") == 1


def test_each_member_of_a_committee_has_its_share_and_its_loss_and_those_that_fail_are_marked() -> None:
    assert point("streamer_member_share_ratio", stream="busy", member="knn") == 0.625
    assert point("streamer_member_loss", stream="busy", member="gru_16") == 0.25
    assert point("streamer_member_out", stream="busy", member="gru_16") == 1
    assert point("streamer_member_out", stream="busy", member="knn") == 0
    assert point("streamer_member_lifetime_failures", stream="busy", member="linear") == 1
    assert point("streamer_committee_loss", stream="busy") == 0.3125
    assert point("streamer_committee_gain", stream="busy") == 0.0625  # over knn, for gru_16 is out


def test_losses_are_in_bits_of_classes_and_in_the_targets_unit_of_numbers_and_unknown_ones_have_no_point() -> None:
    found = points(scrape(SERVICE))
    told = {
        (name, dict(labels)["stream"]) for name, labels in found if re.search("(member|committee)_(loss|abs)", name)
    }
    assert told == {
        ("streamer_member_loss", "busy"),
        ("streamer_committee_loss", "busy"),
        ("streamer_member_absolute_error", "series"),
        ("streamer_committee_absolute_error", "series"),
    }
    assert point("streamer_committee_gain", stream="series") == pytest.approx(1 / 6)
    assert ("streamer_member_loss", (("member", "markov_3"), ("stream", "busy"))) not in found


def test_a_learner_has_no_points_of_members() -> None:
    names = {name for name, _ in points(scrape(replace(SERVICE, streams=(replace(BUSY, standings=ALONE), FRESH))))}
    assert not [name for name in names if "member" in name or "committee" in name]


def test_accuracy_always_stands_beside_its_baselines() -> None:
    names = {name for name, _ in points(scrape(SERVICE))}
    assert {"streamer_accuracy_windowed_ratio", "streamer_baseline_accuracy_windowed_ratio"} <= names


def test_before_the_first_sample_a_scrape_works_and_moments_that_have_not_come_have_no_point() -> None:
    found = points(scrape(replace(SERVICE, streams=(FRESH,))))
    names = {name for name, _ in found}
    assert found["streamer_samples_total", (("outcome", "learned"), ("stream", "fresh"))] == 0
    assert not {"streamer_last_sample_timestamp_seconds", "streamer_checkpoint_timestamp_seconds"} & names
    assert "streamer_solved_at_samples" not in names


def test_before_anything_is_published_a_scrape_works_and_says_not_ready() -> None:
    assert points(scrape())["streamer_ready", ()] == 0


@pytest.mark.parametrize(("state", "value"), [("ready", 1), ("starting", 0), ("degraded", 0), ("stopping", 0)])
def test_ready_is_1_exactly_while_the_daemon_is_ready(state: str, value: int) -> None:
    assert points(scrape(replace(SERVICE, state=state)))["streamer_ready", ()] == value


def test_the_build_is_told() -> None:
    [labels] = [dict(labels) for name, labels in points(scrape()) if name == "streamer_build_info"]
    assert set(labels) == {"version", "python"}
    assert all(labels.values())


@pytest.mark.parametrize(
    ("accept", "content_type", "end"),
    [
        ("", "text/plain; version=", b"\n"),
        ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text; version=1.0.0", b"# EOF\n"),
    ],
)
def test_who_accepts_openmetrics_gets_it_and_others_prometheus_text(accept: str, content_type: str, end: bytes) -> None:
    board = Board()
    board.publish(SERVICE)
    page, given = exposition(board, accept)
    assert given.startswith(content_type)
    assert page.endswith(end)


def test_openmetrics_can_be_read_by_its_own_parser() -> None:
    board = Board()
    board.publish(SERVICE)
    page = exposition(board, "application/openmetrics-text; version=1.0.0")[0].decode()
    families = {family.name: family.type for family in openmetrics_families(page)}  # type: ignore[no-untyped-call]
    assert families["streamer_samples"] == "counter"
    assert families["streamer_step_seconds"] == "histogram"


def test_a_histogram_is_told_bucket_by_bucket_with_sum_and_count() -> None:
    found = points(scrape(SERVICE))
    busy = ("stream", "busy")
    assert found["streamer_step_seconds_bucket", (("le", "+Inf"), busy)] == 406
    assert found["streamer_step_seconds_count", (busy,)] == 406
    assert found["streamer_step_seconds_sum", (busy,)] == pytest.approx(0.406)


def test_a_stream_has_at_most_120_series() -> None:
    busy = [labels for _, labels in points(scrape(SERVICE)) if ("stream", "busy") in labels]
    assert 60 < len(busy) <= 120


def test_a_committee_of_24_has_at_most_100_series_more() -> None:
    def series(standings: Standings) -> int:
        return len(points(scrape(replace(SERVICE, streams=(replace(BUSY, standings=standings),)))))

    crowd = Standings(tuple(Standing(f"member_{place}", 1 / 24, 0.5) for place in range(24)), 0.5)
    assert series(crowd) - series(ALONE) <= 100


def test_streams_beyond_a_hundred_have_no_series_and_are_counted() -> None:
    many = replace(SERVICE, streams=tuple(replace(BUSY, name=f"s{n}") for n in range(103)))
    found = points(scrape(many))
    assert len({dict(labels)["stream"] for _, labels in found if "stream" in dict(labels)}) == 100
    assert found["streamer_hidden_streams", ()] == 3
