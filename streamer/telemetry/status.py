"""The record as JSON: for `streamer status`, for health checks, for programs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from streamer.telemetry.committee import committee_told, members_told
from streamer.telemetry.record import ServiceRecord, StreamRecord
from streamer.telemetry.told import answers_told, errors_told, lag_told, skill_told
from streamer.telemetry.verdict import Verdict, keeping_up, learning, soundness

STALE_SECONDS = 10.0
"""Far longer than a block takes."""
HUNG_SECONDS = 60.0
"""Longer than a disk may keep the loop waiting: a daemon that is silent so long will not come back by itself."""


def status(record: ServiceRecord, wall: float) -> dict[str, Any]:
    """Everything that is published; NaN becomes null, for JSON knows no NaN. `wall` is now, seconds since 1970."""
    return {
        "state": record.state,
        "reasons": list(record.reasons),
        "endpoint": record.endpoint,
        "started_at": record.started_at,
        "streams": {stream.name: stream_status(stream, wall, record.reasons) for stream in record.streams},
        "refused_frames": record.refused_frames,
        "refused_sessions": record.refused_sessions,
        "refused_publications": record.refused_publications,
        "damaged_checkpoints": record.damaged_checkpoints,
        "refused_handshakes": record.refused_handshakes,
        "reloads": record.reloads,
        "warnings": record.warnings,
        "restart_needed": list(record.restart_needed),
    }


def stream_status(stream: StreamRecord, wall: float, reasons: Sequence[str] = ()) -> dict[str, Any]:
    """One stream; what is not said to be overall is over the sliding window."""
    return {
        "task": stream.scores.task,
        "verdict": verdicts(stream, wall, reasons),
        "skill": skill_told(stream.scores.skill),
        "samples": stream.samples,
        "next_sequence": stream.next_sequence,
        "acknowledged": stream.acknowledged,
        "epoch": stream.epoch,
        "connected": stream.connected,
        "mode": stream.mode,
        "queued": stream.queued,
        "lag": stream.lag,
        "lag_seconds": stream.lag_seconds,
        "in_window": stream.scores.in_window,
        **answers_told(stream.scores.answers),
        **errors_told(stream.scores),
        "members": members_told(stream.standings),
        "committee": committee_told(stream.standings, stream.scores.skill.unit),
        "label_lag": lag_told(stream.label_lags),
        "default_labels": stream.default_labels,
        "columns": [dict(column) for column in stream.columns],
        "outcomes": stream.outcomes,
        "rejected": stream.rejected,
        "missing": stream.missing,
        "gap": stream.gap,
        "frozen": stream.frozen,
        "skipped_updates": stream.skipped_updates,
        "samples_per_second": samples_per_second(stream),
        "seconds": seconds(stream),
        "step_microseconds": 1e6 * stream.step_seconds / stream.steps if stream.steps else None,
        "last_sample_at": stream.last_sample_at,
        "checkpoint_at": stream.checkpoint_at,
        "checkpoint_failures": stream.checkpoint_failures,
        "engine": stream.engine,
        "build_differences": list(stream.build_differences),
        "state_hash": stream.state_hash,
    }


def verdicts(stream: StreamRecord, wall: float, reasons: Sequence[str] = ()) -> dict[str, dict[str, str]]:
    """The three answers that a person looks for first, each with its level, its words and what it rests on."""
    answers = {
        "learning": learning(stream),
        "keeping_up": keeping_up(stream, wall),
        "soundness": soundness(stream, reasons),
    }
    return {question: _told(answer) for question, answer in answers.items()}


def health(record: ServiceRecord, now: float) -> tuple[bool, dict[str, Any]]:
    """Whether the daemon is ready, and why not; `now` by the clock of `published_at`."""
    age = silence(record, now)
    if age > STALE_SECONDS:
        reason = f"the loop has not been heard of for {age:.0f} s"
        return False, {"state": "degraded", "reasons": [reason, *record.reasons]}
    return record.state == "ready", {"state": record.state, "reasons": list(record.reasons)}


def alive(record: ServiceRecord, now: float) -> tuple[bool, dict[str, Any]]:
    """Whether the daemon has any prospect of its work; if not, a restart is the cure, and nothing is lost by it."""
    is_alive, (_, answer) = silence(record, now) < HUNG_SECONDS, health(record, now)
    return is_alive, {"state": answer["state"]} if is_alive else answer


def silence(record: ServiceRecord, now: float) -> float:
    """Seconds since the loop was heard of; 0 before it has begun."""
    return 0.0 if record.published_at is None else now - record.published_at


def judged(record: ServiceRecord, now: float) -> ServiceRecord:
    """The record with its health as it is now: a loop that hangs cannot publish that it does."""
    _, health_now = health(record, now)
    return replace(record, state=health_now["state"], reasons=tuple(health_now["reasons"]))


def seconds(stream: StreamRecord) -> float:
    """From this process' first sample to its last."""
    if stream.first_sample_at is None or stream.last_sample_at is None:
        return 0.0
    return stream.last_sample_at - stream.first_sample_at


def samples_per_second(stream: StreamRecord) -> float | None:
    """Over this process' life; None before the first sample."""
    elapsed = seconds(stream)
    return stream.steps / elapsed if elapsed > 0 else None


def _told(verdict: Verdict) -> dict[str, str]:
    return {"level": verdict.level, "words": verdict.words, "because": verdict.because}
