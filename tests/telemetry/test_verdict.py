from dataclasses import replace

import pytest

from streamer.evaluation.skill import Claim, Gain, SkillCard
from streamer.telemetry.record import StreamRecord
from streamer.telemetry.verdict import ago, faults, keeping_up, learning, soundness
from tests.telemetry.records import ANSWERS, BUSY, CARD, FRESH, NUMBERS

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


def scored(
    claim: Claim, *, accuracy: float = 0.9, samples: int = 1000, solved_at: int | None = None, linear: float = -1.0
) -> StreamRecord:
    """Of a learner that gains ¼ bit over the majority class, and over a linear model at least so much."""
    gains = {"majority": Gain(0.25, 0.2, 0.3), "tapped": Gain(linear + 0.1, linear, linear + 0.2)}
    answers = replace(ANSWERS, accuracy_windowed=accuracy, solved_at=solved_at)
    return replace(CALM, scores=replace(CARD, skill=SkillCard("bits", samples, gains, claim), answers=answers))


@pytest.mark.parametrize(
    ("stream", "level", "words"),
    [
        (FRESH, "wait", "No samples yet"),
        (replace(FRESH, samples=70), "wait", "No labels yet"),
        (scored("nothing", samples=99), "wait", "Too early to tell"),
        (scored("learning", samples=99), "good", "Learning something"),
        (scored("learning", accuracy=1.0, solved_at=300), "good", "Solved"),
        (scored("learning", accuracy=1.0), "good", "Learning something"),
        (scored("learning", accuracy=0.9, solved_at=300), "good", "Learning something"),
        (scored("nothing"), "wait", "Nothing yet"),
        (scored("nothing", accuracy=1.0, solved_at=300), "wait", "Nothing yet"),
        (scored("worse", solved_at=300), "bad", "Worse than a baseline"),
        (replace(scored("learning"), frozen=True), "wait", "Frozen"),
        (replace(FRESH, frozen=True), "wait", "Frozen"),
        (replace(CALM, scores=NUMBERS), "good", "Learning something"),
    ],
)
def test_what_is_said_of_learning(stream: StreamRecord, level: str, words: str) -> None:
    verdict = learning(stream)
    assert (verdict.level, verdict.words) == (level, words)


def test_the_verdict_names_what_it_rests_on() -> None:
    over = "gains 0.25 bits a sample over always saying the commoner answer (0.20 to 0.30, 1,000 samples)"
    assert learning(scored("learning", linear=0.1)).because == f"90.0 % right; {over}"
    numbers = learning(replace(CALM, scores=NUMBERS)).because
    assert numbers.startswith("off by 2 on average; gains 50.0 % of the error over always saying the mean (25.0 % to")


@pytest.mark.parametrize(("linear", "remark"), [(-0.1, " may do as well"), (-0.3, " does better"), (0.1, "samples)")])
def test_a_learner_that_a_linear_model_equals_has_learned_something_and_is_told_so(linear: float, remark: str) -> None:
    assert learning(scored("learning", linear=linear)).because.endswith(remark)


def test_a_loss_is_told_as_one() -> None:
    because = learning(scored("nothing", linear=-0.3)).because
    assert because.endswith("; loses 0.20 bits a sample against a linear model of the last inputs and answers "
                            "(0.10 to 0.30, 1,000 samples)")  # fmt: skip


def test_without_a_claim_the_gain_told_is_that_over_the_best_null_model_of_all() -> None:
    assert "against a linear model" in learning(scored("nothing")).because


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
