import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.telemetry.record import StreamRecord
from streamer.telemetry.verdict import ago, faults, keeping_up, learning, soundness
from tests.telemetry.records import BUSY, CARD, FRESH

CALM = replace(
    BUSY,
    queued=0,
    lag_seconds=0.0,
    outcomes={"learned": 400},
    skipped={},
    checkpoint_failures=0,
    gap=0,
    frozen=False,
    build_differences=(),
)


def scored(accuracy: float, best: float, *, count: int = 1000, solved_at: int | None = None) -> StreamRecord:
    baselines = {"majority": best, "last_value": best - 0.1}
    card = replace(
        CARD,
        labelled=count,
        in_window=count,
        accuracy_windowed=accuracy,
        baselines_windowed=baselines,
        solved_at=solved_at,
    )
    return replace(CALM, scores=card)


@pytest.mark.parametrize(
    ("stream", "level", "words"),
    [
        (FRESH, "wait", "No samples yet"),
        (replace(FRESH, samples=70), "wait", "No labels yet"),
        (scored(1.0, 0.5, count=99), "wait", "Too early to tell"),
        (scored(1.0, 0.75, solved_at=300), "good", "Solved"),
        (scored(1.0, 0.75), "good", "Learning"),
        (scored(0.9, 0.75, solved_at=300), "good", "Learning"),
        (scored(0.76, 0.75), "wait", "No better than a simple rule"),
        (scored(0.60, 0.75, solved_at=300), "bad", "Worse than a simple rule"),
        (replace(scored(1.0, 0.75), frozen=True), "wait", "Frozen"),
        (replace(FRESH, frozen=True), "wait", "Frozen"),
    ],
)
def test_what_is_said_of_learning(stream: StreamRecord, level: str, words: str) -> None:
    verdict = learning(stream)
    assert (verdict.level, verdict.words) == (level, words)


def test_the_verdict_names_the_accuracy_and_the_best_baseline() -> None:
    assert learning(scored(0.9, 0.75)).because == "90.0 % right; always saying the commoner answer gives 75.0 %"


@given(share=st.floats(0.5, 1.0), count=st.integers(100, 1000))
def test_an_accuracy_like_the_best_baselines_is_never_called_learning(share: float, count: int) -> None:
    assert learning(scored(share, share, count=count)).level == "wait"


@given(count=st.integers(100, 1000), best=st.floats(0.5, 0.9))
def test_a_lead_that_chance_would_give_is_not_called_learning(count: int, best: float) -> None:
    lead = math.sqrt(best * (1 - best) / count)
    assert learning(scored(best + lead, best, count=count)).level == "wait"


@pytest.mark.parametrize(
    ("stream", "level", "words"),
    [
        (FRESH, "wait", "No producer"),
        (replace(FRESH, connected=True), "wait", "Idle"),
        (CALM, "good", "Keeping up"),
        (replace(CALM, queued=1000), "good", "Keeping up"),
        (replace(CALM, queued=10_000, lag_seconds=16.0), "bad", "Falling behind"),
        (replace(CALM, last_sample_at=900.0), "wait", "Idle"),
        (replace(CALM, connected=False), "wait", "No producer"),
    ],
)
def test_what_is_said_of_keeping_up(stream: StreamRecord, level: str, words: str) -> None:
    verdict = keeping_up(stream, 1004.0)
    assert (verdict.level, verdict.words) == (level, words)


def test_a_stream_that_went_silent_says_since_when() -> None:
    assert "5 min" in keeping_up(replace(CALM, last_sample_at=704.0), 1004.0).because


def test_nothing_wrong_is_said_only_when_nothing_is() -> None:
    assert soundness(CALM, ()).level == "good"
    for ill in (
        {"gap": 1},
        {"skipped": {"not_finite": 1}},
        {"checkpoint_failures": 1},
        {"outcomes": CALM.outcomes | {"rejected": 1}},
    ):
        verdict = soundness(replace(CALM, **ill), ())
        assert verdict.level == "wait"
        assert verdict.because.endswith(": 1")


def test_an_update_left_out_in_an_earlier_life_is_no_fault_of_this_one() -> None:
    assert soundness(replace(CALM, skipped_updates=7), ()).level == "good"


def test_what_a_feed_lost_and_brought_late_is_counted_once() -> None:
    late = replace(CALM, missing=5, rejected={"late": 2}, outcomes=CALM.outcomes | {"rejected": 2}, mode="best effort")
    assert faults(late) == {"samples lost for good": 3, "samples refused": 2}


def test_what_a_feed_lost_is_a_fault_for_nobody_sends_it_again() -> None:
    assert faults(replace(CALM, missing=7, mode="best effort")) == {"samples lost for good": 7}


def test_numbers_that_may_differ_from_those_of_another_machine_are_something_to_know() -> None:
    verdict = soundness(replace(CALM, build_differences=("numpy 2.0 there, 2.1 here",)), ())
    assert (verdict.level, "numpy 2.0 there" in verdict.because) == ("wait", True)


def test_what_keeps_the_daemon_from_being_ready_is_said_of_its_own_stream_only() -> None:
    reasons = ("stream busy: checkpoints cannot be written",)
    assert soundness(CALM, reasons).level == "bad"
    assert "checkpoints cannot be written" in soundness(CALM, reasons).because
    assert soundness(replace(CALM, name="other"), reasons).level == "good"


def test_duplicates_and_samples_asked_for_again_are_no_faults() -> None:
    assert faults(replace(CALM, missing=7, outcomes=CALM.outcomes | {"duplicate": 9})) == {}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1.0, "0 ms"), (0.5, "500 ms"), (119, "119 s"), (121, "2 min"), (86_400, "24 h"), (864_000, "10 days")],
)
def test_a_span_has_one_unit(seconds: float, words: str) -> None:
    assert ago(seconds) == words
