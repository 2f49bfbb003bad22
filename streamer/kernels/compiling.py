"""From a Python function to machine code, by way of the cache on disk."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numba import njit, types
from numba.core import config

Entry = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled function, to be called from Python or from other compiled code; it keeps the code alive."""

    entry: Entry
    """What Python calls."""
    address: int
    """Where its machine code begins; it is called as numba calls."""


def obstacle() -> str:
    """Why nothing can be compiled here although numba is installed; empty if it can."""
    return "numba is switched off (NUMBA_DISABLE_JIT)" if config.DISABLE_JIT else ""


def compiled(function: Callable[..., Any], arguments: tuple[Any, ...], place: Path | None) -> Compiled:
    """The function for arguments of these numba types, returning nothing: from its own directory if it is there.

    Else it is compiled and put there. A directory for each, for numba numbers the versions of one function, and two
    processes that compile different ones at once would give them the same number.
    """
    if place is None:
        return _made(_dispatcher(function), arguments)
    try:
        return _made(_caching(_dispatcher(function), place), arguments)
    except Exception:  # a damaged pickle raises anything; what is wrong with the kernel itself is raised once more
        shutil.rmtree(place, ignore_errors=True)
        return _made(_dispatcher(function), arguments)


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


def _made(dispatcher: Any, arguments: tuple[Any, ...]) -> Compiled:
    """The function behind numba's dispatcher, whose search for the right types costs more than a step."""
    dispatcher.compile(types.void(*arguments))
    found = dispatcher.overloads[arguments]
    return Compiled(found.entry_point, found.library.get_pointer_to_function(found.fndesc.llvm_func_name))
