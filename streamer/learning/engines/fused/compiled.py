"""From a plan to its compiled kernel."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from numba import types

from streamer.kernels.cache import cache_directory
from streamer.kernels.compiling import compiled as compiled_function
from streamer.learning.engines.fused.net import NetType
from streamer.learning.engines.fused.plan import Plan
from streamer.learning.engines.fused.step import step_many

Kernel = Callable[..., None]
"""`step_many` with an address for `net`."""


@cache
def kernel_of(plan: Plan) -> Kernel:
    """The kernel for this plan: compiled at its first use on this machine, loaded at its first use in this process."""
    return compiled(plan, cache_directory())


def compiled(plan: Plan, directory: Path | None) -> Kernel:
    """The kernel for this plan, from the directory if it is there, else compiled and put there."""
    arguments = (
        NetType(plan),
        types.int64[::1],
        types.float32[:, ::1],
        types.float32[::1],
        types.float32[::1],
        types.boolean,
    )
    return compiled_function(step_many, arguments, None if directory is None else directory / plan.digest)
