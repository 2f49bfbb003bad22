"""What a learner lets in: numbers of the right shape, finite inputs, targets that its loss can take.

Refusing comes before everything else, so a learner that refused is unchanged. One sample at a time must stay cheap, for
a step takes a microsecond: one norm finds what is not finite, and nothing touches numpy's error state.
"""

import math
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from streamer.errors import SampleError
from streamer.samples import Floats

Number = TypeVar("Number", np.float32, np.float64)

LARGEST = float(np.finfo(np.float32).max)


class Admitting(Protocol):
    """What knows the targets of a task."""

    wanted: str
    """What a target must be, for people."""

    def admits_one(self, y: float) -> bool:
        """Whether it can learn from a target; NaN, no label, it always can."""
        ...

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """(T,) → which targets it can learn from."""
        ...


def one_input(x: npt.ArrayLike, inputs: int, *, missing: bool = False) -> Floats:
    """x (I,) → (1, I), checked; with `missing`, NaN is a value that is missing."""
    array = _converted("x", x, np.float64)
    if array.shape != (inputs,):
        raise SampleError("x has the wrong shape", reason="shape", got=array.shape, expected=f"({inputs},)")
    if math.hypot(*array.tolist()) <= LARGEST:  # then each is finite, also as float32
        return array.astype(np.float32).reshape(1, inputs)
    return _finite(_numbers("x", array), missing).reshape(1, inputs)


def many_inputs(xs: npt.ArrayLike, inputs: int, *, missing: bool = False) -> Floats:
    """xs (T, I), checked; with `missing`, NaN is a value that is missing."""
    array = _numbers("x", xs)
    if array.ndim != 2 or array.shape[1] != inputs:
        raise SampleError("x has the wrong shape", reason="shape", got=array.shape, expected=f"(T, {inputs})")
    return _finite(array, missing)


def one_target(y: float | None, task: Admitting) -> Floats:
    """y, a number or None for no label → (1,), checked."""
    number = math.nan if y is None else _number(y)
    if abs(number) > LARGEST or not task.admits_one(number):
        raise _wrong_target(number, task)
    return np.array((number,), np.float32)


def many_targets(ys: npt.ArrayLike, count: int, task: Admitting) -> Floats:
    """ys (T,), checked."""
    array = _numbers("y", ys)
    if array.shape != (count,):
        raise SampleError("y has the wrong shape", reason="shape", got=array.shape, expected=f"({count},)")
    wrong = ~task.admits(array)
    if wrong.any():
        raise _wrong_target(_first(array, wrong), task)
    return array


def _wrong_target(got: object, task: Admitting) -> SampleError:
    return SampleError("y is not a target of this task", reason="target", got=got, expected=task.wanted)


def _finite(array: Floats, missing: bool) -> Floats:
    finite = ~np.isinf(array) if missing else np.isfinite(array)
    if not finite.all():
        raise SampleError(
            "x is not finite",
            reason="not_finite",
            got=_first(array, ~finite),
            expected="finite numbers",
            remedy="leave the sample out, or replace the value",
        )
    return array


def _number(y: float) -> float:
    try:
        return float(y)
    except (TypeError, ValueError):
        raise SampleError("y is not a number", reason="type", got=repr(y), expected="one number or None") from None


def _numbers(name: str, value: npt.ArrayLike) -> Floats:
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite and is refused as such
        array = _converted(name, value, np.float32)
    return array if array.flags.aligned else array.copy()  # kernels read whole floats


def _converted(name: str, value: npt.ArrayLike, kind: type[Number]) -> npt.NDArray[Number]:
    try:
        return np.asarray(value, dtype=kind, order="C")
    except (TypeError, ValueError):
        raise SampleError(f"{name} is not numbers", reason="type", got=repr(value), expected="numbers") from None


def _first(array: Floats, where: npt.NDArray[np.bool_]) -> str:
    index = tuple(int(i) for i in np.argwhere(where)[0])
    return f"{array[index]} at index {index if len(index) > 1 else index[0]}"
