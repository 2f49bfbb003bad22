"""The truncation window: the last K − 1 inputs and the hidden state in front of them.

Truncated BPTT (Williams & Peng 1990), recomputed: at sample t the cell runs from the stored h_{t−K} over
x_{t−K+1} … x_t with today's weights, and the gradient runs back along the same K steps. Then the window moves on by
one, and the first recomputed state becomes the stored one. Until K samples have been seen the window starts at h_0 = 0.
"""

from collections import deque

import torch
from torch import Tensor, nn


class Window:
    """Holds h_{t−K} and x_{t−K+1} … x_{t−1}."""

    def __init__(self, hidden: int, inputs: int, truncation: int) -> None:
        self._inputs = inputs
        self._truncation = truncation
        self._past: deque[Tensor] = deque()
        self._hidden = torch.zeros(hidden)

    def run(self, cell: nn.Module, x: Tensor) -> list[Tensor]:
        """The hidden states after each input of the window, x last; the last one is h_t. Changes nothing."""
        h = self._hidden
        return [h := cell(past, h) for past in (*self._past, x)]

    def advance(self, x: Tensor, states: list[Tensor]) -> None:
        """Take x in; when the window is full, its oldest input goes and the state after that becomes the stored one."""
        self._past.append(x)
        if len(self._past) == self._truncation:
            self._past.popleft()
            self._hidden = states[0].detach()

    def export(self) -> tuple[Tensor, Tensor]:
        """The stored hidden state (H,) and the inputs after it (n, I), n ≤ K − 1, oldest first."""
        return self._hidden, torch.stack(tuple(self._past)) if self._past else torch.empty(0, self._inputs)

    def load(self, hidden: Tensor, inputs: Tensor) -> None:
        """The inverse of `export`."""
        self._hidden = hidden
        self._past = deque(x.clone() for x in inputs)
