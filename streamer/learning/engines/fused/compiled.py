"""From a plan to its compiled kernel, by way of the cache on disk."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from numba import njit, types
from numba.core import config

from streamer.learning.engines.fused.cache import cache_directory
from streamer.learning.engines.fused.net import NetType
from streamer.learning.engines.fused.plan import Plan
from streamer.learning.engines.fused.step import step_many

Kernel = Callable[..., None]
"""`step_many` with an address for `net`."""


def obstacle() -> str:
    """Why kernels cannot be compiled here although numba is installed; empty if they can."""
    return "numba is switched off (NUMBA_DISABLE_JIT)" if config.DISABLE_JIT else ""


@cache
def kernel_of(plan: Plan) -> Kernel:
    """The kernel for this plan: compiled at its first use on this machine, loaded at its first use in this process."""
    return compiled(plan, cache_directory())


def compiled(plan: Plan, directory: Path | None) -> Kernel:
    """The kernel for this plan, from the directory if it is there, else compiled and put there."""
    if directory is None:
        return _compile(_dispatcher(), plan)
    # A directory for each plan: numba numbers the kernels of one function, and two processes that compile different
    # plans at once would give them the same number.
    place = directory / plan.digest
    try:
        return _compile(_caching(_dispatcher(), place), plan)
    except Exception:  # a damaged pickle raises anything; what is wrong with the kernel itself is raised once more
        shutil.rmtree(place, ignore_errors=True)
        return _compile(_dispatcher(), plan)


def _dispatcher() -> Any:
    return njit(nogil=True, error_model="numpy")(step_many)


def _caching(dispatcher: Any, place: Path) -> Any:
    """Numba asks for the directory once, here; a user's own setting for his own functions stays what it is."""
    before, config.CACHE_DIR = config.CACHE_DIR, str(place)
    try:
        dispatcher.enable_caching()
    finally:
        config.CACHE_DIR = before
    return dispatcher


def _compile(dispatcher: Any, plan: Plan) -> Kernel:
    """The function behind numba's dispatcher, whose search for the right types costs more than a step."""
    arguments = (
        NetType(plan),
        types.int64[::1],
        types.float32[:, ::1],
        types.float32[::1],
        types.float32[::1],
        types.boolean,
    )
    dispatcher.compile(types.void(*arguments))
    function: Kernel = dispatcher.overloads[arguments].entry_point
    return function
