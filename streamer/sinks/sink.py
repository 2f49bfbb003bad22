"""What a sink is given: predictions with what they were predictions of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from streamer.samples import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """Consecutive samples' `rows` (T, W) and `targets` (T,), NaN where there is none, the first with number `first`.

    With `classes`, a row's first places are the probabilities of those targets; `texts` are their names, if they have
    any. With `horizons`, a row has three places for each of them.
    """

    first: int
    rows: Floats
    targets: Floats
    classes: tuple[float, ...] = ()
    texts: Mapping[float, str] = field(default_factory=dict)
    horizons: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.targets)

    def since(self, number: int) -> "Predicted":
        """Those numbered `number` and above."""
        skip = min(max(number - self.first, 0), len(self))
        return Predicted(
            self.first + skip, self.rows[skip:], self.targets[skip:], self.classes, self.texts, self.horizons
        )


class Sink(Protocol):
    """Takes predictions in order."""

    @property
    def next(self) -> int:
        """Numbers below this one have been written, perhaps by a process before this one."""
        ...

    def write(self, predicted: Predicted) -> None:
        """Write those that have not been written yet."""
        ...

    def close(self) -> None:
        """No more will come."""
        ...
