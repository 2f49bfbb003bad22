"""From a Python function to machine code, by way of the cache on disk."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit, types
from numba.core import config

Entry = Callable[..., Any]


def obstacle() -> str:
    """Why nothing can be compiled here although numba is installed; empty if it can."""
    return "numba is switched off (NUMBA_DISABLE_JIT)" if config.DISABLE_JIT else ""


def compiled(function: Callable[..., Any], arguments: tuple[Any, ...], place: Path | None) -> Entry:
    """The function for arguments of these numba types, returning nothing: from its own directory if it is there.

    Else it is compiled and put there. A directory for each, for numba numbers the versions of one function, and two
    processes that compile different ones at once would give them the same number.
    """
    if place is None:
        return _entry(_dispatcher(function), arguments)
    try:
        return _entry(_caching(_dispatcher(function), place), arguments)
    except Exception:  # a damaged pickle raises anything; what is wrong with the kernel itself is raised once more
        shutil.rmtree(place, ignore_errors=True)
        return _entry(_dispatcher(function), arguments)


def _dispatcher(function: Callable[..., Any]) -> Any:
    return njit(nogil=True, error_model="numpy")(function)


def _caching(dispatcher: Any, place: Path) -> Any:
    """Numba asks for the directory once, here; a user's own setting for his own functions stays what it is."""
    before, config.CACHE_DIR = config.CACHE_DIR, str(place)
    try:
        dispatcher.enable_caching()
    finally:
        config.CACHE_DIR = before
    return dispatcher


def _entry(dispatcher: Any, arguments: tuple[Any, ...]) -> Entry:
    """The function behind numba's dispatcher, whose search for the right types costs more than a step."""
    dispatcher.compile(types.void(*arguments))
    entry: Entry = dispatcher.overloads[arguments].entry_point
    return entry
