"""What a person asks of a stream first, answered in words: is it learning, is it keeping up, is anything wrong?

The page, the terminal and the API all tell these, so that they never contradict each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from streamer.evaluation.card import ScoreCard
from streamer.telemetry.evidence import evidence
from streamer.telemetry.record import StreamRecord

Level = Literal["good", "wait", "bad"]
"""`wait` is neither: nothing to judge yet, or something that one should know and need not mend."""

ENOUGH = 100
"""Labelled samples before a first judgement."""
SOLVED = 0.97
"""A stream once solved (198 of 200 right) still is with this share right: 1 % of noise must not make it flicker."""
BEHIND_SECONDS = 10.0
IDLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer: how good it is, in a few words, and what it rests on."""

    level: Level
    words: str
    because: str


def learning(stream: StreamRecord) -> Verdict:
    """Does it know something that rules which need no learning do not?"""
    card = stream.scores
    if stream.frozen:
        return Verdict("wait", "Frozen", f"it predicts and does not learn; {evidence(card)}")
    if not card.labelled:
        return _nothing_scored(stream)
    if card.skill.claim == "learning":
        return Verdict("good", "Solved" if _solved(card) else "Learning something", evidence(card))
    if card.skill.claim == "worse":
        return Verdict("bad", "Worse than a baseline", evidence(card))
    if card.skill.samples < ENOUGH:
        return Verdict("wait", "Too early to tell", f"{card.skill.samples} of {ENOUGH} labelled samples seen")
    return Verdict("wait", "Nothing yet", evidence(card))


def keeping_up(stream: StreamRecord, wall: float) -> Verdict:
    """Is what arrives learned as fast as it comes? `wall` is the time now, seconds since 1970."""
    last = stream.last_sample_at
    since = "nothing has come yet" if last is None else f"the last sample came {ago(wall - last)} ago"
    if not stream.connected:
        return Verdict("wait", "No producer", since)
    waiting = f"{stream.queued:,} samples wait, the oldest for {ago(stream.lag_seconds)}"
    if stream.lag_seconds > BEHIND_SECONDS:
        return Verdict("bad", "Falling behind", waiting)
    if last is None or (wall - last > IDLE_SECONDS and not stream.queued):
        return Verdict("wait", "Idle", since)
    return Verdict("good", "Keeping up", waiting if stream.queued else "nothing waits to be learned")


def soundness(stream: StreamRecord, reasons: Sequence[str]) -> Verdict:
    """Is anything wrong? `reasons` are those for which the daemon is not ready."""
    own = f"stream {stream.name}: "
    failing = [reason.removeprefix(own) for reason in reasons if reason.startswith(own)]
    counted = [f"{words}: {count:,}" for words, count in faults(stream).items()]
    if failing:
        return Verdict("bad", "Needs you", "; ".join([*failing, *counted]))
    other = [f"computed otherwise than its checkpoint: {', '.join(stream.build_differences)}"]
    known = [*counted, *(other if stream.build_differences else [])]
    if known:
        return Verdict("wait", "Something to know", "since the daemon started, " + "; ".join(known))
    return Verdict("good", "Nothing wrong", "nothing lost, refused or failed since the daemon started")


def faults(stream: StreamRecord) -> dict[str, int]:
    """What went wrong in this process' life, in words, and how often; what never did is left out."""
    counts = {
        "samples lost for good": stream.gap + _lost_by_a_feed(stream),
        "samples refused": stream.outcomes.get("rejected", 0),
        "updates left out, not finite": sum(stream.skipped.values()),
        "checkpoints failed": stream.checkpoint_failures,
    }
    return {words: count for words, count in counts.items() if count}


def _lost_by_a_feed(stream: StreamRecord) -> int:
    """What a best-effort feed lost; what came late was missing first, and is among the refused."""
    return 0 if stream.mode == "reliable" else stream.missing - stream.rejected.get("late", 0)


def ago(seconds: float) -> str:
    """A time span for people, one unit.

    >>> ago(0.0402), ago(7), ago(190), ago(9000)
    ('40 ms', '7 s', '3 min', '2.5 h')
    """
    if seconds < 1:
        return f"{1000 * max(seconds, 0):.0f} ms"
    for limit, size, unit in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.3g} {unit}" if unit == "h" else f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:,.0f} days"


def _nothing_scored(stream: StreamRecord) -> Verdict:
    if not stream.samples:
        return Verdict("wait", "No samples yet", "the stream is known, nothing of it has been learned")
    return Verdict("wait", "No labels yet", f"{stream.samples:,} samples came without a target: nothing can be scored")


def _solved(card: ScoreCard) -> bool:
    answers = card.answers
    return answers is not None and answers.solved_at is not None and answers.accuracy_windowed >= SOLVED
