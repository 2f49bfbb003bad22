"""Between a sequence of tensors and an array with a row for each."""

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor

from streamer.samples import Floats


def stacked(tensors: Iterable[Tensor], shape: tuple[int, ...]) -> Floats:
    """n tensors of this shape → (n, *shape), a copy; n may be 0.

    >>> stacked([], (3,)).shape
    (0, 3)
    """
    return np.stack([np.empty(shape, np.float32), *(tensor.numpy() for tensor in tensors)])[1:]


def rows(array: Floats) -> Iterator[Tensor]:
    """The inverse of `stacked`."""
    return (torch.tensor(row) for row in array)
