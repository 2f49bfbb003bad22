"""Cross-entropy of classes, of which only the places found so far take part; others are predicted as 0."""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy


class Softmax:
    """An output for each place; the target is a place. Holds how many places targets have found, from 0 up."""

    def __init__(self) -> None:
        self._classes = 0

    def prediction(self, outputs: Tensor) -> Tensor:
        """The probability of each place (O,)."""
        found = torch.softmax(outputs[: self._classes], 0)
        return torch.cat([found, torch.zeros(len(outputs) - self._classes)])

    def loss(self, outputs: Tensor, y: Tensor) -> Tensor:
        """−log of the probability given to the place y, which takes part from now on."""
        place = int(y.item())
        self._classes = max(self._classes, place + 1)
        return cross_entropy(outputs[: self._classes], torch.tensor(place))

    def counts(self) -> dict[str, int]:
        """How many places take part."""
        return {"classes": self._classes}

    def load(self, counts: dict[str, int]) -> None:
        """The inverse of `counts`."""
        self._classes = counts["classes"]
