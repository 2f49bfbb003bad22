"""What the loop publishes between blocks: a frozen record that other threads read without a lock.

Counts of this process' life only, so that a restart never makes a counter jump back to a restored value; what is
restored with a checkpoint is marked as of the learner's lifetime.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from streamer.evaluation.card import ScoreCard
from streamer.learning.insight import Insight
from streamer.learning.standing import ALONE, Standings
from streamer.samples import Floats, Numbers
from streamer.telemetry.histogram import LAG_BOUNDS, Distribution, Histogram


@dataclass(frozen=True, slots=True, eq=False)
class Recent:
    """The last T ≤ 256 samples that were stepped over, oldest first."""

    numbers: Numbers
    """(T,), not without gaps: labels have numbers too, and so has what was refused."""
    inputs: Floats
    """(T, I)."""
    targets: Floats
    """(T,), NaN for none when the sample came."""
    predictions: Floats
    """(T,), or (T, W) of a task whose predictions are several numbers."""


NO_LAGS = Histogram(LAG_BOUNDS).read()


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One stream."""

    name: str
    engine: str
    connected: bool
    epoch: str | None
    next_sequence: int
    """Events of the current log consumed so far; the number of the next one."""
    acknowledged: int
    queued: int
    credit: int | None
    """Samples that the producer may send; None if there is none."""
    lag: int | None
    """Samples that the producer has and that are not learned; None if it does not know where its log ends."""
    lag_seconds: float
    """How long the oldest sample that is queued has waited."""
    samples: int
    """Samples stepped over in the learner's lifetime, labelled or not."""
    skipped_updates: int
    """Updates not applied because they were not finite, in the learner's lifetime."""
    skipped: dict[str, int]
    """The same in this process' life, by reason."""
    scores: ScoreCard
    outcomes: dict[str, int]
    """Samples of this process' life by outcome: learned, unlabelled, duplicate, rejected."""
    rejected: dict[str, int]
    """Rejected samples by reason."""
    missing: int
    """Samples that were found missing on arrival; if the stream is reliable they are asked for again."""
    predictions: int
    """Scored predictions of this process' life; `correct` of them were right."""
    correct: int
    step_seconds: float
    """Time spent stepping, in all, over `steps` samples."""
    steps: int
    step_times: Distribution
    """Seconds to predict and learn a sample."""
    delays: Distribution
    """Seconds from a sample's arrival to its prediction."""
    first_sample_at: float | None
    last_sample_at: float | None
    """When the first and the last sample of this process' life were learned, seconds since 1970."""
    checkpoint_at: float | None
    checkpoints: int
    checkpoint_failures: int
    checkpoint_seconds: float | None
    """How long the newest checkpoint took, from its copy to its safety on disk."""
    state_hash: str
    recent: Recent | None = None
    insight: Insight | None = None
    gap: int = 0
    """Samples that are gone for good, and were gone on without."""
    frozen: bool = False
    """Whether it predicts and scores without learning."""
    build_differences: tuple[str, ...] = ()
    """What computes it otherwise than what made the checkpoint that it went on from."""
    mode: str = "reliable"
    """How its events come: `reliable`, or `best effort` from a feed that is subscribed to."""
    label_lags: Distribution = NO_LAGS
    """Events between a sample and its label that came late."""
    default_labels: int = 0
    """Samples of this process' life whose label did not come in time and was taken to be the default."""
    columns: tuple[Mapping[str, Any], ...] = ()
    """What is done to each column of its rows, in the predictor's words."""
    standings: Standings = ALONE
    """How the members of a committee stand."""


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """The daemon."""

    state: str
    """starting, ready, degraded or stopping."""
    reasons: tuple[str, ...] = ()
    """Why it is not ready."""
    started_at: float = 0.0
    published_at: float | None = None
    """By the monotonic clock. The loop publishes several times a second; an old record is of a loop that hangs."""
    endpoint: str = ""
    streams: tuple[StreamRecord, ...] = ()
    refused_frames: dict[str, int] = field(default_factory=dict)
    refused_sessions: dict[str, int] = field(default_factory=dict)
    refused_publications: dict[str, int] = field(default_factory=dict)
    damaged_checkpoints: int = 0
    refused_handshakes: dict[str, int] = field(default_factory=dict)
    """Connections that were refused before they could say anything, by reason."""
    reloads: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    """What the log was warned of, by event, lines that it held back among them."""
    restart_needed: tuple[str, ...] = ()
    """Settings that a reload has found changed and that wait for a restart."""


class Board:
    """Holds the newest record. Replacing a reference is atomic, so neither side ever waits."""

    def __init__(self, *, started_at: float = 0.0) -> None:
        self.record = ServiceRecord("starting", ("the daemon is starting",), started_at=started_at)

    def publish(self, record: ServiceRecord) -> None:
        """Replace what readers see."""
        self.record = record
