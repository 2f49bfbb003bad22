"""What is kept of samples that came without a label: enough to make their own step again when the label comes.

A row for each sample from the oldest one that is awaited: the cell's input, and for those awaited also the hidden
state in front of their window and what their prediction kept. A window is rows that follow one another, so the
K − 1 rows before an awaited one are kept as well. Bounded: a sample is awaited for `horizon` samples at most.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.trail import Trail
from streamer.learning.growth import widened_rows
from streamer.samples import Arrays, Floats, Numbers

_LEAST = 256


@dataclass(frozen=True, slots=True)
class Past:
    """What the steps of n samples were made from."""

    hidden: Floats
    """(n, H), the stored hidden state in front of each window."""
    windows: Floats
    """(n, K, F), the inputs of each window, the sample's own last; rows beyond its length are 0."""
    lengths: Numbers
    """(n,), inputs in each window."""
    kept: Floats
    """(n, C), what each prediction kept for its target."""


class Late:
    """The awaited samples of one learner, by their numbers."""

    def __init__(self, horizon: int, truncation: int) -> None:
        self.horizon = horizon
        self._rows_before = truncation - 1
        self._widths = (0, 0, 0)
        self._kept: Floats = np.empty((0, 0), np.float32)
        self._awaited: npt.NDArray[np.bool_] = np.empty(0, np.bool_)
        self._first = self._end = self._oldest = 0
        """Numbers: of the first row kept, after the last, and of the oldest sample that may be awaited."""

    @property
    def active(self) -> bool:
        """Whether any sample is awaited, so that those after it are to be kept."""
        return self._oldest < self._end

    def begin(self, number: int, window: Floats | None) -> None:
        """The next sample is `number`; `window` (≤ K − 1, F) are the inputs before it, None if none are needed."""
        if window is None:
            window = np.empty((0, 0), np.float32)
        self._widths = (window.shape[1], 0, 0)
        self._first, self._end = number - len(window), number
        self._oldest = number
        self._kept = window.copy()
        self._awaited = np.zeros(len(window), np.bool_)

    def keep(self, trail: Trail, kept: Floats, awaited: npt.NDArray[np.bool_]) -> None:
        """The next samples (T,): of those awaited everything, of the others their inputs."""
        rows = np.concatenate([trail.inputs, trail.hidden, kept], axis=1)
        rows[~awaited, trail.inputs.shape[1] :] = 0
        self._widths = (trail.inputs.shape[1], trail.hidden.shape[1], kept.shape[1])
        self._make_room(len(rows), rows.shape[1])
        at = self._end - self._first
        self._kept[at : at + len(rows)] = rows
        self._awaited[at : at + len(rows)] = awaited
        self._end += len(rows)
        self._forget()

    def widen(self, before: LearnerSettings, after: LearnerSettings) -> None:
        """The network has grown: rows kept from before have the new features, 0."""
        F, H, C = self._widths
        if F:
            inputs = widened_rows(self._kept[:, :F], before, after)
            self._kept = np.concatenate([inputs, self._kept[:, F:]], axis=1)
            self._widths = (inputs.shape[1], H, C)

    def objection(self, number: int) -> str:
        """Why a sample cannot be labelled now; empty if it can.

        `label_late`: the horizon is past. `label_unknown`: it is no sample without a label, or has had it.
        """
        if number < self._end - self.horizon:
            return "label_late"
        known = self._first <= number < self._end and self._awaited[number - self._first]
        return "" if known else "label_unknown"

    def take(self, numbers: Numbers) -> Past:
        """What is kept of awaited samples (n,), which are so no longer."""
        F, H, _ = self._widths
        at = numbers - self._first
        own = self._kept[at]
        lengths = np.minimum(numbers, self._rows_before) + 1
        windows = np.zeros((len(at), self._rows_before + 1, F), np.float32)
        for window, place, length in zip(windows, at.tolist(), lengths.tolist(), strict=True):
            window[:length] = self._kept[place + 1 - length : place + 1, :F]
        past = Past(own[:, F : F + H].copy(), windows, lengths, own[:, F + H :].copy())
        self._kept[at, F:] = 0
        self._awaited[at] = False
        self._forget()
        return past

    def export(self) -> Arrays:
        """The rows that are needed; none if nothing is awaited."""
        if not self.active:
            return {}
        start = max(self._oldest - self._rows_before, self._first) - self._first
        end = self._end - self._first
        return {
            "rows": self._kept[start:end].copy(),
            "awaited": self._awaited[start:end].astype(np.uint8),
            "first": np.array(start + self._first),
            "widths": np.array(self._widths),
        }

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        if not arrays:
            return
        F, H, C = arrays["widths"].tolist()
        self._widths = (F, H, C)
        self._kept = arrays["rows"].astype(np.float32)
        self._awaited = arrays["awaited"].astype(np.bool_)
        self._first = self._oldest = int(arrays["first"])
        self._end = self._first + len(self._kept)
        self._forget()

    def _make_room(self, count: int, width: int) -> None:
        """Let go of what no window needs; grow in doublings."""
        start = max(self._oldest - self._rows_before, self._first) - self._first
        live = self._end - self._first - start
        if self._kept.shape[1] == width and self._end - self._first + count <= len(self._kept):
            return
        room = np.zeros((max(_LEAST, 2 * (live + count)), width), np.float32)
        awaited = np.zeros(len(room), np.bool_)
        room[:live, : self._kept.shape[1]] = self._kept[start : start + live]
        awaited[:live] = self._awaited[start : start + live]
        self._kept, self._awaited, self._first = room, awaited, self._first + start

    def _forget(self) -> None:
        """The oldest awaited sample: none beyond the horizon."""
        past = max(self._end - self.horizon, self._oldest)
        if past > self._oldest:
            gone = slice(max(self._oldest - self._first, 0), past - self._first)
            self._kept[gone, self._widths[0] :] = 0
            self._awaited[gone] = False
            self._oldest = past
        ahead = self._awaited[self._oldest - self._first : self._end - self._first]
        self._oldest += int(np.argmax(ahead)) if ahead.any() else len(ahead)
