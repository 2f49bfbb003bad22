"""A loop over the samples of a block, written as plain Python and compiled when it is first called.

Where nothing can be compiled the same function runs as it stands: slower by a factor of a hundred, and right. No
fast-math, so the sums are made in the order in which they are written. But `float(x)` of a float32 stays one when it is
compiled: write `np.float64(x)`.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any


class BlockKernel:
    """A function of C-contiguous arrays and numbers that writes its results into arrays, and returns nothing."""

    def __init__(
        self, function: Callable[..., None], signature: str, pieces: tuple[Callable[..., Any], ...] = ()
    ) -> None:
        self.plain = function
        """The function as written: its own statement, for tests."""
        self._signature = signature
        self._pieces = pieces
        self._entry: Callable[..., None] | None = None

    def __call__(self, *arguments: Any) -> None:
        """Run it; the types are those of the signature, exactly."""
        (self._entry or self.ready())(*arguments)

    def ready(self) -> Callable[..., None]:
        """Compile it, or load it from disk, unless that is done; returns what is called."""
        if self._entry is None:
            self._entry = _entry_of(self.plain, self._signature, self._pieces)
        return self._entry


def block_kernel(signature: str, *pieces: Callable[..., Any]) -> Callable[[Callable[..., None]], BlockKernel]:
    """Mark a loop as a kernel for arguments of these types, as in "float32[:,::1], float64[::1], int64".

    `pieces` are the plain functions that it calls, and those that they call before them; they are compiled with it.
    Nothing is compiled, and numba is not imported, before the first call.

    >>> @block_kernel("float64[::1], float64")
    ... def scale(values, factor):
    ...     for i in range(len(values)):
    ...         values[i] *= factor
    >>> import numpy as np
    >>> ones = np.ones(2)
    >>> scale(ones, 3.0)
    >>> ones.tolist()
    [3.0, 3.0]
    """
    return lambda function: BlockKernel(function, signature, pieces)


def _entry_of(
    function: Callable[..., None], signature: str, pieces: tuple[Callable[..., Any], ...]
) -> Callable[..., None]:
    try:
        from numba import njit, types

        from streamer.kernels.cache import cache_directory
        from streamer.kernels.compiling import compiled, obstacle
    except (ImportError, OSError):  # OSError: llvmlite's library does not fit the machine
        return function
    if obstacle():
        return function
    arguments = tuple(eval_type(types, part) for part in signature.split(", "))
    directory = cache_directory()
    place = directory / f"{function.__module__}.{function.__qualname__}" if directory else None
    made: dict[str, Any] = {}
    for piece in pieces:
        made[piece.__name__] = njit(nogil=True, error_model="numpy")(_calling(made, piece))
    return compiled(_calling(made, function), arguments, place).entry


def _calling(made: dict[str, Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with compiled pieces in place of those that it calls."""
    if not made:
        return function
    joined = FunctionType(function.__code__, function.__globals__ | made, function.__name__)
    joined.__qualname__, joined.__module__ = function.__qualname__, function.__module__
    return joined


def eval_type(types: Any, name: str) -> Any:
    """The numba type that a part of a signature names, as in "float32[:,::1]"."""
    scalar, bracket, axes = name.partition("[")
    kind = getattr(types, scalar)
    return types.Array(kind, axes.count(":") - axes.count("::"), "C") if bracket else kind
