"""How a piece of a kernel is compiled: for the caller alone, without Python wrappers, and with IEEE arithmetic.

No fast-math anywhere: the vector type says which operations are made and in which order, so the compiler may copy or
move code but never change a bit, and `predict_one`, `learn_one` and `step_many` agree by construction.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Mark a function as a piece of a kernel: compiled when a kernel that uses it is, for the types it is used with."""
    compiled: Function = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    return compiled
