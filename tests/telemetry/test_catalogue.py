import re
from dataclasses import fields
from typing import Any

import pytest

from streamer.telemetry.catalogue import COUNTER, SERVICE_METRICS, STREAM_METRICS, Metric
from streamer.telemetry.record import StreamRecord
from tests.telemetry.records import BUSY, FRESH, SERIES, SERVICE

METRICS: list[Metric[Any]] = [*STREAM_METRICS, *SERVICE_METRICS]
THINGS_COUNTED = {"samples", "predictions", "updates", "steps", "checkpoints", "failures", "frames", "sessions"}
THINGS_COUNTED |= {"events", "handshakes", "reloads", "publications", "streams", "settings", "warnings"}
UNITS = {"ratio", "loss", "seconds", "norm"}  # a loss is in bits, a word that promtool takes for a size
UNITS |= {"error", "width"}  # in the target's own unit
UNITS |= {"gain", "low", "high"}  # in bits, or a share, as the task has it
BARE = {
    "sequence",
    "connected",
    "ready",
    "engine",
    "frozen",
    "verdict",
    "out",
}  # numbers of a sequence, and gauges that are 1 or 0

each_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


def test_no_metric_is_listed_twice() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)


@each_metric
def test_a_name_is_snake_case_begins_with_the_program_and_ends_with_its_unit(metric: Metric[Any]) -> None:
    assert re.fullmatch(r"streamer(_[a-z0-9]+)+", metric.name)
    assert metric.name.rpartition("_")[2] in THINGS_COUNTED | UNITS | BARE


@each_metric
def test_a_name_has_no_suffix_that_the_exposition_adds_and_no_unit_that_is_not_a_base_unit(metric: Metric[Any]) -> None:
    assert not re.search(r"_(total|count|sum|bucket|info|created)$", metric.name)
    assert not re.search(r"_(milliseconds|microseconds|ms|us|minutes|percent|kilobytes)(_|$)", metric.name)


@each_metric
def test_a_counter_counts_things_or_seconds_and_a_ratio_is_a_gauge(metric: Metric[Any]) -> None:
    if metric.kind == COUNTER:
        assert metric.name.rpartition("_")[2] in THINGS_COUNTED | {"seconds"}
    if "accuracy" in metric.name:
        assert metric.name.endswith("_ratio")


@each_metric
def test_the_meaning_is_a_sentence(metric: Metric[Any]) -> None:
    assert re.fullmatch(r"[A-Z0-9].{10,}\.", metric.meaning)


@each_metric
def test_the_labels_are_few_and_known(metric: Metric[Any]) -> None:
    assert metric.by in {None, "outcome", "reason", "baseline", "engine", "event", "ahead", "verdict", "member"}


def test_every_metric_of_a_stream_at_work_has_a_point_and_a_fresh_one_is_readable() -> None:
    for of_stream in STREAM_METRICS:
        assert any(of_stream.read(stream) is not None for stream in (BUSY, SERIES)), of_stream.name
        of_stream.read(FRESH)
    for of_service in SERVICE_METRICS:
        assert of_service.read(SERVICE) is not None, of_service.name


def test_every_count_of_a_stream_is_in_the_catalogue() -> None:
    # a label, and what only the status tells
    elsewhere = {
        "name",
        "epoch",
        "first_sample_at",
        "state_hash",
        "recent",
        "build_differences",
        "mode",
        "skipped_updates",
        "step_seconds",
        "steps",
        "columns",
    }
    read: set[str] = set()

    class Watched:
        def __getattribute__(self, name: str) -> Any:
            read.add(name)
            return getattr(BUSY, name)

    for metric in STREAM_METRICS:
        metric.read(Watched())  # type: ignore[arg-type]
    assert read == {field.name for field in fields(StreamRecord)} - elsewhere
