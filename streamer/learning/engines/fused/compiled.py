"""From a plan to its compiled kernel, by way of the cache on disk."""

from collections.abc import Callable
from functools import cache
from typing import Any

from numba import njit, types
from numba.core import config

from streamer.learning.engines.fused.net import NetType
from streamer.learning.engines.fused.plan import Plan
from streamer.learning.engines.fused.sources import cache_directory
from streamer.learning.engines.fused.step import step_many


@cache
def compiled(plan: Plan) -> Callable[..., None]:
    """`step_many` for this plan; compiled at the first use on this machine, loaded at the first use in this process."""
    dispatcher = njit(nogil=True, error_model="numpy")(step_many)
    directory = cache_directory()
    if directory is not None:
        # A directory for each plan: numba numbers the kernels of one function, and two processes that compile
        # different plans at once would give them the same number.
        _enable_caching(dispatcher, f"{directory}/{plan.digest}")
    return _compile(dispatcher, plan)


def _enable_caching(dispatcher: Any, directory: str) -> None:
    """Numba asks for the directory once, here; a user's own setting for his own functions stays what it is."""
    before, config.CACHE_DIR = config.CACHE_DIR, directory
    try:
        dispatcher.enable_caching()
    finally:
        config.CACHE_DIR = before


def _compile(dispatcher: Any, plan: Plan) -> Callable[..., None]:
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
    function: Callable[..., None] = dispatcher.overloads[arguments].entry_point
    return function
