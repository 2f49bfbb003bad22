"""What a learner lets in: numbers of the right shape, finite inputs, targets that its loss can take.

Refusing comes before everything else, so a learner that refused is unchanged. One sample at a time must stay cheap, for
a step takes a microsecond: one norm finds what is not finite, and nothing touches numpy's error state.
"""

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from streamer.config.learner import LossName
from streamer.errors import SampleError
from streamer.samples import Floats

Number = TypeVar("Number", np.float32, np.float64)

_LARGEST = float(np.finfo(np.float32).max)

_TARGETS = {"binary": "0, 1, or NaN for no label"}
_A_NUMBER = "a finite number, or NaN for no label"


def one_input(x: npt.ArrayLike, inputs: int) -> Floats:
    """x (I,) → (1, I), checked."""
    array = _converted("x", x, np.float64)
    if array.shape != (inputs,):
        raise SampleError("x has the wrong shape", reason="shape", got=array.shape, expected=f"({inputs},)")
    if math.hypot(*array.tolist()) <= _LARGEST:  # then each is finite, also as float32
        return array.astype(np.float32).reshape(1, inputs)
    return _finite(_numbers("x", array)).reshape(1, inputs)


def many_inputs(xs: npt.ArrayLike, inputs: int) -> Floats:
    """xs (T, I), checked."""
    array = _numbers("x", xs)
    if array.ndim != 2 or array.shape[1] != inputs:
        raise SampleError("x has the wrong shape", reason="shape", got=array.shape, expected=f"(T, {inputs})")
    return _finite(array)


def one_target(y: float | None, loss: LossName) -> Floats:
    """y, a number or None for no label → (1,), checked."""
    number = math.nan if y is None else _number(y)
    known = number == 0 or number == 1 or number != number
    if not known and not (loss != "binary" and abs(number) <= _LARGEST):
        raise _wrong_target(number, loss)
    return np.array((number,), np.float32)


def many_targets(ys: npt.ArrayLike, count: int, loss: LossName) -> Floats:
    """ys (T,), checked."""
    array = _numbers("y", ys)
    if array.shape != (count,):
        raise SampleError("y has the wrong shape", reason="shape", got=array.shape, expected=f"({count},)")
    wrong = ~admissible(array, loss)
    if wrong.any():
        raise _wrong_target(_first(array, wrong), loss)
    return array


def admissible(ys: Floats, loss: LossName) -> npt.NDArray[np.bool_]:
    """(T,) → which of the targets a loss can take; NaN, no label, always may.

    >>> admissible(np.array([1, 0.5, np.nan, np.inf], np.float32), "binary").tolist()
    [True, False, True, False]
    """
    possible = (ys == 0) | (ys == 1) if loss == "binary" else np.isfinite(ys)
    return possible | np.isnan(ys)


def _wrong_target(got: object, loss: LossName) -> SampleError:
    return SampleError(
        "y is not a target of this loss", reason="target", got=got, expected=_TARGETS.get(loss, _A_NUMBER)
    )


def _finite(array: Floats) -> Floats:
    finite = np.isfinite(array)
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
