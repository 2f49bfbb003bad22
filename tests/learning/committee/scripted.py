"""Members that fail where they are told to, and otherwise say the mean of what they were told."""

import numpy as np

from streamer.samples import Arrays, Floats, Numbers


class Scripted:
    """Counts samples and sums up labels, in order; awaits none, but takes any that is late."""

    def __init__(self, width: int = 1) -> None:
        self.width = width
        self.state = np.zeros(3)
        """Samples, labels, their sum."""

    def step_many(self, rows: Floats, ys: Floats) -> Floats:
        samples = int(self.state[0])
        if any(self.raises(samples + t, rows[t]) or self.raises_at_target(ys[t]) for t in range(len(rows))):
            raise RuntimeError("as the script says")
        return np.concatenate([np.empty((0, self.width), np.float32), *map(self._one, rows, ys)])

    def peek(self, row: Floats) -> Floats:
        samples = int(self.state[0])
        if self.raises(samples, row[0]):
            raise RuntimeError("as the script says")
        return self._said(samples, row[0])

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        if any(self.raises_at_label(number) for number in numbers.tolist()):
            raise RuntimeError("as the script says")
        for number, y in zip(numbers.tolist(), ys.tolist(), strict=True):
            if number >= 0:
                self._learn(y)

    def export(self, *, awaited: bool = True) -> Arrays:
        return {"state": self.state.copy()}

    def load(self, arrays: Arrays) -> None:
        self.state = arrays["state"].copy()

    def says_nan(self, sample: int, row: Floats) -> bool:
        return False

    def raises(self, sample: int, row: Floats) -> bool:
        return False

    def raises_at_target(self, y: np.float32) -> bool:
        return False

    def raises_at_label(self, number: int) -> bool:
        return False

    def _one(self, row: Floats, y: np.float32) -> Floats:
        said = self._said(int(self.state[0]), row)
        self.state[0] += 1
        if y == y:
            self._learn(float(y))
        return said

    def _said(self, sample: int, row: Floats) -> Floats:
        said = np.zeros((1, self.width), np.float32)
        said[0, 0] = np.nan if self.says_nan(sample, row) else self.mean
        return said

    def _learn(self, y: float) -> None:
        self.state[1:] += 1, y

    @property
    def mean(self) -> float:
        return min(max(float(self.state[2] / max(self.state[1], 1)), 0), 1)


class SayingNaN(Scripted):
    """Fails at some rows."""

    def says_nan(self, sample: int, row: Floats) -> bool:
        return int(977 * np.abs(row).sum()) % 19 == 0


class Raising(Scripted):
    """Raises at some rows, and at some of its own samples as soon as it is back."""

    def raises(self, sample: int, row: Floats) -> bool:
        return sample == 37 or int(577 * np.abs(row).sum()) % 23 == 0


class RaisingAtLabels(Scripted):
    """Comes to grief on some of the labels that are late."""

    def raises_at_label(self, number: int) -> bool:
        return number % 7 == 3


class RaisingAtTargets(Scripted):
    """Comes to grief on the targets that are 1."""

    def raises_at_target(self, y: np.float32) -> bool:
        return bool(y == 1)
