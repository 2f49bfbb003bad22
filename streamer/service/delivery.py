"""Predictions on their way back to the producer of their samples: kept until confirmed, sent again if they are not.

They are delivered at least once and in order; a number tells a prediction that came twice. What is not confirmed is in
the checkpoint, so that a restart loses none: later ones are computed again when their samples are learned again, to
the same bits.
"""

import numpy as np

from streamer.samples import Arrays, Floats
from streamer.wire.frames import MAX_EVENTS


class Delivery:
    """The predictions of one log, from the first one that is not confirmed to the last one made."""

    def __init__(self) -> None:
        self.first = 0
        self._kept: Floats = np.empty(0, np.float32)

    @property
    def end(self) -> int:
        """The number after the last prediction's."""
        return self.first + len(self._kept)

    def begin(self, cursor: int) -> None:
        """Keep predictions from here on, unless those before are still kept without a gap."""
        if self.end != cursor:
            self.first, self._kept = cursor, np.empty(0, np.float32)

    def keep(self, predictions: Floats) -> None:
        """The next predictions, (T,) or (T, W)."""
        self._kept = np.concatenate([self._kept, predictions]) if len(self._kept) else predictions.copy()

    def confirm(self, number: int) -> None:
        """Everything below a number has arrived."""
        arrived = min(max(number - self.first, 0), len(self._kept))
        self.first, self._kept = self.first + arrived, self._kept[arrived:]

    def since(self, number: int) -> list[tuple[int, Floats]]:
        """What is kept from a number on, in messages of at most MAX_EVENTS numbers: (first, predictions)."""
        skip = min(max(number - self.first, 0), len(self._kept))
        rest, first = self._kept[skip:], self.first + skip
        most = MAX_EVENTS if rest.ndim == 1 else MAX_EVENTS // rest.shape[1]
        return [(first + at, rest[at : at + most]) for at in range(0, len(rest), most)]

    def export(self) -> Arrays:
        """The state as arrays."""
        return {"first": np.array(self.first), "kept": self._kept.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self.first, self._kept = int(arrays["first"]), arrays["kept"].astype(np.float32)
