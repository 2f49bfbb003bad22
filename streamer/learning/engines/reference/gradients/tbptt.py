"""Truncated back-propagation through time (Williams & Peng 1990), recomputed.

At sample t the cell runs from the stored h_{t−K} over x_{t−K+1} … x_t with today's weights, and the gradient runs back
along the same K steps. Then the window moves on by one, and the first recomputed state becomes the stored one. Until
K samples have been seen the window starts at h_0 = 0.
"""

from collections import deque

import torch
from torch import Tensor, nn

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.rows import rows, stacked
from streamer.learning.memory import feature_count
from streamer.samples import Arrays


class TruncatedBackpropagation:
    """Holds h_{t−K} and x_{t−K+1} … x_{t−1}."""

    def __init__(self, settings: LearnerSettings, cell: nn.Module) -> None:
        self._cell = cell
        self._truncation = settings.truncation
        self._features = feature_count(settings)
        self._past: deque[Tensor] = deque()
        self._hidden = torch.zeros(settings.hidden)
        self._run: tuple[Tensor, Tensor] | None = None

    def front(self) -> Tensor:
        """h_{t−K}, or h_0."""
        return self._hidden

    def run(self, x: Tensor) -> Tensor:
        """From x (F,), h_t (H,), over the whole window."""
        h = self._hidden
        states = [h := self._cell(past, h) for past in (*self._past, x)]
        self._run = x, states[0].detach()
        return h

    def advance(self) -> None:
        """Take x in; when the window is full, its oldest input goes and the state after that becomes the stored one."""
        assert self._run is not None
        x, first = self._run
        self._past.append(x)
        if len(self._past) == self._truncation:
            self._past.popleft()
            self._hidden = first

    def export(self) -> Arrays:
        """The stored hidden state (H,) and the inputs after it (n, F), n ≤ K − 1, oldest first."""
        return {
            "window.hidden": self._hidden.numpy().copy(),
            "window.inputs": stacked(self._past, (self._features,)),
        }

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._hidden = torch.tensor(arrays["window.hidden"])
        self._past = deque(rows(arrays["window.inputs"]))
