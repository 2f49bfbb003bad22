"""Every metric, once: the collector, the documentation and the tests all come from these two tables.

Base units; counters get `_total` in the exposition and count this process' life; no label that grows.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from streamer.evaluation.card import Answers, Errors, ScoreCard
from streamer.evaluation.skill import Gain, Unit
from streamer.learning.insight import Insight
from streamer.learning.standing import Standing
from streamer.telemetry.committee import gain_over_best
from streamer.telemetry.histogram import Distribution
from streamer.telemetry.record import ServiceRecord, StreamRecord

Kind = Literal["counter", "gauge", "histogram"]
COUNTER: Kind = "counter"
GAUGE: Kind = "gauge"
HISTOGRAM: Kind = "histogram"

SHOWN_STREAMS = 100
"""Streams that have series of their own: a thousand would be more than a Prometheus server is glad to keep."""

Reading = float | None | Mapping[str, float] | Distribution
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Metric(Generic[Record]):
    """A metric family: how to read its point from a record, or its points by a label. None is no point yet."""

    name: str
    kind: Kind
    meaning: str
    read: Callable[[Record], Reading]
    by: str | None = None


def answered(read: Callable[[Answers], Reading]) -> Callable[[StreamRecord], Reading]:
    """Of predictions that are right or wrong; no point for others."""
    return lambda stream: None if stream.scores.answers is None else read(stream.scores.answers)


def erred(read: Callable[[Errors], float]) -> Callable[[StreamRecord], Reading]:
    """Of predictions that are numbers, by steps ahead; 0 is the target of the sample itself."""
    return lambda stream: {str(ahead): read(errors) for ahead, errors in stream.scores.errors.items()}


def gained(read: Callable[[Gain], float]) -> Callable[[StreamRecord], Reading]:
    """Of the gain over the best null model; no point before the first label."""
    return lambda stream: None if (over := stream.scores.skill.over_best) is None else read(over)


def lead(answers: Answers) -> float:
    """Windowed accuracy above that of the best baseline; NaN before the first label."""
    return answers.accuracy_windowed - max(answers.baselines_windowed.values(), default=math.nan)


def beside(card: ScoreCard) -> dict[str, float]:
    """Each null model's mean error in the sliding window, of the nearest horizon."""
    return {} if card.nearest is None else card.nearest.nulls_windowed


def seen(read: Callable[[Insight], float]) -> Callable[[StreamRecord], Reading]:
    """Of what the learner lets one see of itself; no point for one that shows nothing."""
    return lambda stream: None if stream.insight is None else read(stream.insight)


def of_members(read: Callable[[Standing], float], unit: Unit | None = None) -> Callable[[StreamRecord], Reading]:
    """Of each member of a committee; of losses only those in that unit that are known."""
    return lambda stream: {
        member.name: value
        for member in stream.standings.members
        if unit in {None, stream.scores.skill.unit} and not math.isnan(value := read(member))
    }


def mixed(unit: Unit) -> Callable[[StreamRecord], Reading]:
    """A committee's own loss, if it is in that unit and known."""
    return lambda s: s.standings.loss if s.scores.skill.unit == unit and not math.isnan(s.standings.loss) else None


# fmt: off
STREAM_METRICS: tuple[Metric[StreamRecord], ...] = (
    Metric("streamer_samples", COUNTER, "Samples by what became of them: learned, unlabelled, duplicate, rejected.",
           lambda s: s.outcomes, by="outcome"),
    Metric("streamer_rejected_samples", COUNTER, "Samples that the learner could not take, by reason.",
           lambda s: s.rejected, by="reason"),
    Metric("streamer_missing_samples", COUNTER, "Samples found missing on arrival; if reliable, asked for again.",
           lambda s: s.missing),
    Metric("streamer_gap_samples", COUNTER, "Samples lost for good that --accept-gap went on without.",
           lambda s: s.gap),
    Metric("streamer_predictions", COUNTER, "Predictions that were scored against a label.",
           lambda s: s.predictions),
    Metric("streamer_correct_predictions", COUNTER, "Scored predictions that were right, of tasks where one can be.",
           lambda s: None if s.scores.answers is None else s.correct),
    Metric("streamer_accuracy_windowed_ratio", GAUGE, "Share of right predictions in the sliding window.",
           answered(lambda a: a.accuracy_windowed)),
    Metric("streamer_accuracy_fading_ratio", GAUGE, "Share of right predictions, older ones weighing less.",
           answered(lambda a: a.accuracy_fading)),
    Metric("streamer_baseline_accuracy_windowed_ratio", GAUGE, "A baseline's share of right predictions, same window.",
           answered(lambda a: a.baselines_windowed), by="baseline"),
    Metric("streamer_skill_ratio", GAUGE, "Windowed accuracy above that of the best baseline: what the network adds.",
           answered(lead)),
    Metric("streamer_log_loss", GAUGE, "Mean log loss in the sliding window, in bits a sample.",
           answered(lambda a: a.log_loss_bits_windowed)),
    Metric("streamer_solved_at_samples", GAUGE, "Labelled sample at which 198 of the last 200 were first right.",
           answered(lambda a: a.solved_at)),
    Metric("streamer_absolute_error", GAUGE, "Mean absolute error in the sliding window, by steps ahead; 0 is none.",
           erred(lambda e: e.absolute_windowed), by="ahead"),
    Metric("streamer_baseline_absolute_error", GAUGE,
           "A null model's mean absolute error in the sliding window, of the fewest steps ahead.",
           lambda s: beside(s.scores), by="baseline"),
    Metric("streamer_root_squared_error", GAUGE, "Root of the mean squared error in the sliding window.",
           erred(lambda e: e.squared_windowed), by="ahead"),
    Metric("streamer_interval_coverage_ratio", GAUGE, "Share of targets inside their intervals, same window.",
           erred(lambda e: e.coverage_windowed), by="ahead"),
    Metric("streamer_interval_width", GAUGE, "Mean width of the intervals in the sliding window.",
           erred(lambda e: e.width_windowed), by="ahead"),
    Metric("streamer_skill_gain", GAUGE,
           "What the learner gains over each null model: bits a sample, or the share of its absolute error.",
           lambda s: {name: gain.gain for name, gain in s.scores.skill.beside.items()}, by="baseline"),
    Metric("streamer_skill_low", GAUGE, "What it gains over the best of them at least, at all times, 99 % sure.",
           gained(lambda gain: gain.low)),
    Metric("streamer_skill_high", GAUGE, "What it gains over the best of them at most.",
           gained(lambda gain: gain.high)),
    Metric("streamer_skill_samples", GAUGE, "Labelled samples that the skill rests on: the last 32,768 at most.",
           lambda s: s.scores.skill.samples),
    Metric("streamer_skill_verdict", GAUGE, "1 for what the skill shows: learning, nothing (yet), worse.",
           lambda s: {s.scores.skill.claim: 1}, by="verdict"),
    Metric("streamer_member_share_ratio", GAUGE, "How much of the prediction each member of a committee carries.",
           of_members(lambda member: member.share), by="member"),
    Metric("streamer_member_loss", GAUGE,
           "A member's mean log loss over about the last 1,000 labelled samples, in bits a sample.",
           of_members(lambda member: member.loss, "bits"), by="member"),
    Metric("streamer_member_absolute_error", GAUGE,
           "A member's mean absolute error over about the last 1,000 labelled samples.",
           of_members(lambda member: member.loss, "share"), by="member"),
    Metric("streamer_member_out", GAUGE, "1 while a member takes no part: it has failed, or is too dear.",
           of_members(lambda member: member.out), by="member"),
    Metric("streamer_member_lifetime_failures", GAUGE,
           "How often a member failed and was taken back from its last good state, restarts included.",
           of_members(lambda member: member.benched), by="member"),
    Metric("streamer_committee_loss", GAUGE, "The committee's own mean log loss over the same samples as its members'.",
           mixed("bits")),
    Metric("streamer_committee_absolute_error", GAUGE,
           "The committee's own mean absolute error over the same samples as its members'.",
           mixed("share")),
    Metric("streamer_committee_gain", GAUGE,
           "What a committee gains over its best member: bits a sample, or the share of that member's absolute error.",
           lambda s: gain_over_best(s.standings, s.scores.skill.unit)),
    Metric("streamer_label_lag_events", HISTOGRAM, "Events between a sample and its label, of labels that came late.",
           lambda s: s.label_lags),
    Metric("streamer_label_default_samples", COUNTER,
           "Samples whose label did not come in time and was taken to be the default.",
           lambda s: s.default_labels),
    Metric("streamer_lifetime_samples", GAUGE, "Samples in the learner's whole life, restarts included.",
           lambda s: s.samples),
    Metric("streamer_skipped_updates", COUNTER, "Updates that were not finite and not applied, by reason.",
           lambda s: s.skipped, by="reason"),
    Metric("streamer_gradient_norm", GAUGE, "Norm of the last update's gradient.",
           seen(lambda insight: insight.gradient_norm)),
    Metric("streamer_weight_norm", GAUGE, "Norm of all weights. Growth without end means trouble.",
           seen(lambda insight: insight.weight_norm)),
    Metric("streamer_hidden_state_norm", GAUGE, "Norm of the hidden state after the last sample.",
           seen(lambda insight: insight.hidden_norm)),
    Metric("streamer_saturated_units_ratio", GAUGE, "Share of hidden units beyond 0.99, which hardly learn.",
           seen(lambda insight: insight.saturated_ratio)),
    Metric("streamer_step_seconds", HISTOGRAM, "Time to predict and learn a sample.",
           lambda s: s.step_times),
    Metric("streamer_prediction_delay_seconds", HISTOGRAM, "Time from a sample's arrival to its prediction.",
           lambda s: s.delays),
    Metric("streamer_lag_samples", GAUGE, "Samples that the producer has and that are not learned yet.",
           lambda s: s.lag),
    Metric("streamer_lag_seconds", GAUGE, "How long the oldest sample that has arrived waits to be learned.",
           lambda s: s.lag_seconds),
    Metric("streamer_last_sample_timestamp_seconds", GAUGE, "When the last sample was learned.",
           lambda s: s.last_sample_at),
    Metric("streamer_next_sequence", GAUGE, "Number of the next event wanted of the current log.",
           lambda s: s.next_sequence),
    Metric("streamer_acknowledged_sequence", GAUGE, "Number below which the producer may forget.",
           lambda s: s.acknowledged),
    Metric("streamer_credit_samples", GAUGE, "Samples that the producer may send now. Often 0: the learner is slower.",
           lambda s: s.credit),
    Metric("streamer_queued_samples", GAUGE, "Samples received and not yet learned.",
           lambda s: s.queued),
    Metric("streamer_producer_connected", GAUGE, "1 while a producer or a feed holds the stream.",
           lambda s: s.connected),
    Metric("streamer_checkpoint_timestamp_seconds", GAUGE, "When the newest checkpoint was written.",
           lambda s: s.checkpoint_at),
    Metric("streamer_checkpoint_duration_seconds", GAUGE, "How long the newest checkpoint took, copy and disk.",
           lambda s: s.checkpoint_seconds),
    Metric("streamer_checkpoints", COUNTER, "Checkpoints written.",
           lambda s: s.checkpoints),
    Metric("streamer_checkpoint_failures", COUNTER, "Checkpoints that could not be written.",
           lambda s: s.checkpoint_failures),
    Metric("streamer_frozen", GAUGE, "1 while the stream is frozen: it predicts and scores, and does not learn.",
           lambda s: s.frozen),
    Metric("streamer_engine", GAUGE, "1 for what computes the stream's learner.",
           lambda s: {s.engine: 1}, by="engine"),
)

SERVICE_METRICS: tuple[Metric[ServiceRecord], ...] = (
    Metric("streamer_ready", GAUGE, "1 while the daemon is ready.",
           lambda r: r.state == "ready"),
    Metric("streamer_start_timestamp_seconds", GAUGE, "When the daemon was started.",
           lambda r: r.started_at),
    Metric("streamer_refused_frames", COUNTER, "Frames from the network that were refused, by reason.",
           lambda r: r.refused_frames, by="reason"),
    Metric("streamer_refused_sessions", COUNTER, "Producers that were refused, by reason.",
           lambda r: r.refused_sessions, by="reason"),
    Metric("streamer_refused_publications", COUNTER, "Messages of feeds subscribed to that were refused, by reason.",
           lambda r: r.refused_publications, by="reason"),
    Metric("streamer_hidden_streams", GAUGE, "Streams beyond the first hundred, which have no series here.",
           lambda r: max(len(r.streams) - SHOWN_STREAMS, 0)),
    Metric("streamer_damaged_checkpoints", COUNTER, "Damaged checkpoint files found at the start.",
           lambda r: r.damaged_checkpoints),
    Metric("streamer_refused_handshakes", COUNTER, "Connections refused before they could say anything, by reason: "
           "key, daemon_key, mechanism, malformed, unfinished, routing_id. Without transport.key none are.",
           lambda r: r.refused_handshakes, by="reason"),
    Metric("streamer_reloads", COUNTER, "Reloads by what became of them: done, refused.",
           lambda r: r.reloads, by="outcome"),
    Metric("streamer_warnings", COUNTER, "Warnings to the log by event, lines that it held back among them.",
           lambda r: r.warnings, by="event"),
    Metric("streamer_restart_needed_settings", GAUGE, "Settings that were changed and wait for a restart.",
           lambda r: len(r.restart_needed)),
)
# fmt: on
