"""Torch on one thread: arrays as small as these make several threads wait for one another far longer than they work.

Measured on two busy cores, an epoch of the batch system takes 0.4 s on one thread, and 3 to 30 s on two.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, torch computes on one thread; afterwards as before. Also a decorator."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
