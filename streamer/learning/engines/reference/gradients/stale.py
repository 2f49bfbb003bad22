"""Truncated back-propagation through stored activations: each step of the cell is made once.

The gradient runs back along the records of the last K steps, as they were when they were made, through today's U.
"""

from collections import deque

import torch
from torch import Tensor

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.cells.gru import GRU, pinned
from streamer.learning.engines.reference.rows import rows, stacked
from streamer.learning.memory import feature_count
from streamer.samples import Arrays


class StaleBackpropagation:
    """Holds h_{t−1}, and the inputs and records of the K − 1 steps before this one."""

    def __init__(self, settings: LearnerSettings, cell: GRU) -> None:
        self._cell = cell
        self._hidden = torch.zeros(settings.hidden)
        self._shapes = (feature_count(settings),), (5, settings.hidden)
        self._inputs: deque[Tensor] = deque(maxlen=settings.truncation - 1)
        self._records: deque[Tensor] = deque(maxlen=settings.truncation - 1)
        self._run: tuple[Tensor, Tensor, Tensor] | None = None

    def front(self) -> Tensor:
        """That of the oldest record."""
        return self._records[0][0] if self._records else self._hidden

    def run(self, x: Tensor) -> Tensor:
        """From x (F,), h_t (H,): a new step behind those of the records."""
        h = torch.zeros_like(self._hidden)
        for past, record in zip(self._inputs, self._records, strict=True):
            h = self._cell.replay(past, h, record)
        h = pinned(self._hidden, h)
        after: Tensor = self._cell(x, h)
        self._run = x, self._cell.record(x, h).detach(), after.detach()
        return after

    def advance(self) -> None:
        """The step joins the records; in a full window the oldest goes."""
        assert self._run is not None
        x, record, self._hidden = self._run
        self._inputs.append(x)
        self._records.append(record)

    def export(self) -> Arrays:
        """h_{t−1} (H,), inputs (n, F) and records (n, 5, H), n ≤ K − 1, oldest first."""
        return {
            "window.hidden": self._hidden.numpy().copy(),
            "window.inputs": stacked(self._inputs, self._shapes[0]),
            "window.records": stacked(self._records, self._shapes[1]),
        }

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._hidden = torch.tensor(arrays["window.hidden"])
        self._inputs.extend(rows(arrays["window.inputs"]))
        self._records.extend(rows(arrays["window.records"]))
