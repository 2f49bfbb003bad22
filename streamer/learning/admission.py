"""What a learner lets in: numbers of the right shape, finite inputs, targets that its loss can take.

Refusing comes before everything else, so a learner that refused is unchanged. One sample at a time must stay cheap (a
step takes a microsecond), hence the one multiplication that finds a number that is not finite.
"""

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

from streamer.errors import SampleError
from streamer.samples import Floats

LossName = Literal["binary", "squared"]

_TARGETS = {"binary": "0, 1, or NaN for no label", "squared": "a finite number, or NaN for no label"}


def one_input(x: npt.ArrayLike, inputs: int) -> Floats:
    """X (I,) → (1, I), checked."""
    array = _numbers("x", x)
    if array.shape != (inputs,):
        raise SampleError("x has the wrong shape", reason="shape", got=array.shape, expected=f"({inputs},)")
    return _finite(array.reshape(1, inputs))


def many_inputs(xs: npt.ArrayLike, inputs: int) -> Floats:
    """xs (T, I), checked."""
    array = _numbers("x", xs)
    if array.ndim != 2 or array.shape[1] != inputs:
        raise SampleError("x has the wrong shape", reason="shape", got=array.shape, expected=f"(T, {inputs})")
    return _finite(array)


def one_target(y: float | None, loss: LossName) -> Floats:
    """Y, a number or None for no label → (1,), checked."""
    array = _numbers("y", math.nan if y is None else y)
    if array.shape != ():
        raise SampleError("y has the wrong shape", reason="shape", got=array.shape, expected="one number or None")
    number = array.item()
    if number == 0 or number == 1 or number != number or (loss == "squared" and math.isfinite(number)):
        return array.reshape(1)
    raise _wrong_target(number, loss)


def many_targets(ys: npt.ArrayLike, count: int, loss: LossName) -> Floats:
    """ys (T,), checked."""
    array = _numbers("y", ys)
    if array.shape != (count,):
        raise SampleError("y has the wrong shape", reason="shape", got=array.shape, expected=f"({count},)")
    allowed = np.isfinite(array) if loss == "squared" else (array == 0) | (array == 1)
    wrong = ~(allowed | np.isnan(array))
    if wrong.any():
        raise _wrong_target(_first(array, wrong), loss)
    return array


def _wrong_target(got: object, loss: LossName) -> SampleError:
    return SampleError("y is not a target of this loss", reason="target", got=got, expected=_TARGETS[loss])


def _finite(array: Floats) -> Floats:
    """The array, if all of it is finite. A finite sum of squares proves it; an infinite one may be mere overflow."""
    if not math.isfinite(np.vdot(array, array)) and not np.isfinite(array).all():
        raise SampleError(
            "x is not finite",
            reason="not_finite",
            got=_first(array, ~np.isfinite(array)),
            expected="finite numbers",
            remedy="leave the sample out, or replace the value",
        )
    return array


def _numbers(name: str, value: npt.ArrayLike) -> Floats:
    try:
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite and is refused as such
            return np.asarray(value, dtype=np.float32, order="C")
    except (TypeError, ValueError):
        raise SampleError(
            f"{name} is not numbers", reason="type", got=repr(value), expected="an array of float32"
        ) from None


def _first(array: Floats, where: npt.NDArray[np.bool_]) -> str:
    index = tuple(int(i) for i in np.argwhere(where)[0])
    return f"{array[index]} at index {index if len(index) > 1 else index[0]}"
