"""Training as the question's script does it: stateful, one sample at a time, one update a sample.

    h_t = cell(x_t, h_{t−1}),  o_t = head(h_t),  loss_t = mean (o_t − y_t)²

At each sample the network is run one step from the kept hidden state, and the gradient of the loss runs back through
that one step and no further: h_{t−1} is a constant to it. What is kept is h_t as the forward pass gave it, with the
weights from before the update. Keras' `stateful=True` with one time step is exactly this.

`truncation` = K > 1 changes one thing: the step is run again from h_{t−K}, and the gradient runs back through K steps.
None of the originals does this. It is here to tell causes apart.
"""

from collections import deque
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from streamer.replication.keras.adam import Adam
from streamer.replication.keras.gru import GRU
from streamer.replication.system import Progress
from streamer.replication.threads import one_thread
from streamer.replication.trace import Trace, trace
from streamer.samples import Floats

TOLD_EVERY = 50


class Online:
    """R networks, their optimiser and their hidden states, on R streams in step."""

    def __init__(self, cell: GRU, head: nn.Module, *, step_sizes: Sequence[float], truncation: int = 1) -> None:
        self._cell = cell
        self._head = head
        self._optimiser = Adam([*cell.parameters(), *head.parameters()], step_sizes)
        self._hidden = cell.initial_state(batch=1)
        self._truncation = truncation
        self._inputs: deque[Tensor] = deque()

    def learn(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """X (R,), y (R,) → predictions (R,) and losses (R,), both from before the update."""
        self._inputs.append(x[:, None, None])
        h = self._hidden
        states = [h := self._cell(past, h) for past in self._inputs]
        outputs = self._head(states[-1])
        losses = (outputs - y[:, None, None]).square().mean((1, 2))
        self._optimiser.minimise(losses)
        self._advance(states[0].detach())
        return outputs.detach().mean((1, 2)), losses.detach()

    def _advance(self, after_oldest: Tensor) -> None:
        if len(self._inputs) == self._truncation:
            self._inputs.popleft()
            self._hidden = after_oldest


@one_thread()
def learn_all(learner: Online, xs: Floats, ys: Floats, what: str, progress: Progress) -> Trace:
    """Every sample of xs (R, T), ys (R, T) in turn."""
    predictions, losses = torch.empty(xs.shape), torch.empty(xs.shape)
    inputs, targets = torch.tensor(xs), torch.tensor(ys)
    for t in range(xs.shape[1]):
        predictions[:, t], losses[:, t] = learner.learn(inputs[:, t], targets[:, t])
        if (t + 1) % TOLD_EVERY == 0:
            progress(what, t + 1, xs.shape[1])
    return trace(predictions.numpy(), ys, losses.numpy())
