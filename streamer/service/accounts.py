"""The accounting of one stream in this process' life.

received = learned + unlabelled + duplicate + rejected, and what is still queued.
"""

from collections import Counter
from dataclasses import dataclass, field

from streamer.telemetry.histogram import DELAY_BOUNDS, LAG_BOUNDS, STEP_BOUNDS, Histogram


@dataclass(slots=True)
class Accounts:
    """Plain numbers, kept by the loop, read between blocks."""

    learned: int = 0
    unlabelled: int = 0
    duplicate: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    gap: int = 0
    predictions: int = 0
    correct: int = 0
    steps: int = 0
    step_seconds: float = 0.0
    step_times: Histogram = field(default_factory=lambda: Histogram(STEP_BOUNDS))
    delays: Histogram = field(default_factory=lambda: Histogram(DELAY_BOUNDS))
    skipped: int = 0
    first_sample_at: float | None = None
    last_sample_at: float | None = None
    checkpoints: int = 0
    checkpoint_seconds: float | None = None
    checkpoint_failures: int = 0
    defaulted: int = 0
    """Samples whose label did not come in time and was taken to be the default."""
    label_lags: Histogram = field(default_factory=lambda: Histogram(LAG_BOUNDS))
    """Events between a sample and its label, of those that came late."""

    def outcomes(self) -> dict[str, int]:
        """Samples by what became of them."""
        return {
            "learned": self.learned,
            "unlabelled": self.unlabelled,
            "duplicate": self.duplicate,
            "rejected": self.rejected.total(),
        }

    def stepped(self, count: int, seconds: float, wall: float) -> None:
        """`count` samples took `seconds` and were done at `wall`."""
        self.steps += count
        self.step_seconds += seconds
        self.step_times.observe(seconds / count, count)
        if self.first_sample_at is None:
            self.first_sample_at = wall - seconds
        self.last_sample_at = wall
