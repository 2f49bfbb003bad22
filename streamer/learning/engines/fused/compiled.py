"""From a plan to its compiled kernels."""

from functools import cache
from pathlib import Path

from numba import types

from streamer.kernels.cache import cache_directory
from streamer.kernels.compiling import Compiled
from streamer.kernels.compiling import compiled as compiled_function
from streamer.learning.engines.fused.late import relearn
from streamer.learning.engines.fused.net import NetType
from streamer.learning.engines.fused.plan import Plan
from streamer.learning.engines.fused.step import step_many

_ROWS = types.float32[:, ::1]
_STEP = (types.int64[::1], _ROWS, _ROWS, _ROWS, types.boolean)
_LATE = (types.int64[::1], _ROWS, types.float32[:, :, ::1], types.int64[::1], _ROWS, types.float32[::1])


@cache
def kernel_of(plan: Plan) -> Compiled:
    """`step_many` for this plan, with an address for `net`.

    Compiled at its first use on this machine, loaded at its first use in this process.
    """
    return compiled(plan, cache_directory())


@cache
def late_kernel_of(plan: Plan) -> Compiled:
    """`relearn` for this plan, likewise; a stream whose labels come in time never needs it."""
    directory = cache_directory()
    place = None if directory is None else directory / f"{plan.digest}-late"
    return compiled_function(relearn, (NetType(plan), *_LATE), place)


def compiled(plan: Plan, directory: Path | None) -> Compiled:
    """`step_many` for this plan, from the directory if it is there, else compiled and put there."""
    return compiled_function(step_many, (NetType(plan), *_STEP), None if directory is None else directory / plan.digest)
