"""The learner that users hold: checks what it is given, and keeps predict, learn and step one and the same."""

from typing import Any

import numpy as np
import numpy.typing as npt

from streamer.config.learner import EngineName, LearnerSettings
from streamer.errors import IncompatibleError, SampleError
from streamer.learning.engines.choice import make_engine
from streamer.learning.network import initialise
from streamer.learning.snapshot import Arrays, Snapshot, hash_arrays
from streamer.samples import Floats


class Learner:
    """A GRU with a persistent hidden state that learns a binary target from one sample after another.

    >>> learner = Learner(LearnerSettings(inputs=1, hidden=4), seed=0)
    >>> before = learner.predict_one([1.0])
    >>> for _ in range(50):
    ...     learner.learn_one([1.0], 0)
    >>> bool(learner.predict_one([1.0]) < 0.1 < before)
    True
    """

    def __init__(self, settings: LearnerSettings | None = None, *, seed: int = 0, engine: EngineName = "auto") -> None:
        self.settings = settings or LearnerSettings()
        self._engine = make_engine(engine, self.settings, initialise(self.settings.inputs, self.settings.hidden, seed))

    @property
    def engine(self) -> str:
        """The name of the engine in use."""
        return self._engine.name

    def predict_one(self, x: npt.ArrayLike) -> float:
        """X (I,) → the probability that the target is 1. Pure: hidden state included, nothing changes."""
        return self._engine.predict(self._inputs(x, (self.settings.inputs,)))

    def learn_one(self, x: npt.ArrayLike, y: float | None) -> None:
        """Advance the hidden state by x (I,) and, unless y is None or NaN, the weights by one update."""
        xs = self._inputs(x, (self.settings.inputs,))[None]
        self._engine.step_many(xs, _targets([np.nan if y is None else y], 1))

    def step_many(self, xs: npt.ArrayLike, ys: npt.ArrayLike) -> Floats:
        """xs (T, I), ys (T,) → predictions (T,), each fixed before its own target is looked at.

        Bit for bit what `predict_one` and `learn_one` give in turn. All samples are checked before the first is
        learned: on SampleError the learner is unchanged.
        """
        xs = self._inputs(xs, (None, self.settings.inputs))
        return self._engine.step_many(xs, _targets(ys, len(xs)))

    def export(self) -> Arrays:
        """The whole state as named arrays (copies)."""
        return self._engine.export()

    def snapshot(self) -> Snapshot:
        """The whole state as a value."""
        return Snapshot(self.settings, self.export())

    @classmethod
    def restore(
        cls, snapshot: Snapshot, *, settings: LearnerSettings | None = None, engine: EngineName = "auto"
    ) -> "Learner":
        """A learner that goes on exactly where `snapshot` was taken, in any engine.

        `settings` may differ from the snapshot's in tunable settings; IncompatibleError names a structural one that
        does, or an array that is missing or has another shape.
        """
        learner = cls(settings or snapshot.settings, engine=engine)
        _check_structure(snapshot.settings.structure(), learner.settings.structure())
        _check_arrays(snapshot.arrays, learner.export())
        _check_window(snapshot.arrays, learner.settings.truncation)
        learner._engine.load(snapshot.arrays)
        return learner

    def state_hash(self) -> str:
        """SHA-256 of the whole state: equal exactly if everything that decides the future is equal."""
        return hash_arrays(self.export())

    def counters(self) -> dict[str, int]:
        """Counts of this learner's life: samples, updates, skipped_updates."""
        return {
            name.removeprefix("counts."): int(value)
            for name, value in self.export().items()
            if name.startswith("counts.")
        }

    def _inputs(self, x: npt.ArrayLike, shape: tuple[int | None, ...]) -> Floats:
        array = _numbers("x", x)
        if array.ndim != len(shape) or array.shape[-1] != shape[-1]:
            wanted = ", ".join("T" if size is None else str(size) for size in shape)
            raise SampleError("x has the wrong shape", reason="shape", got=array.shape, expected=f"({wanted},)")
        if not np.isfinite(array).all():
            raise SampleError(
                "x is not finite",
                reason="not_finite",
                got=_first(array, ~np.isfinite(array)),
                expected="finite numbers",
                remedy="leave the sample out, or replace the value",
            )
        return array


def _targets(y: npt.ArrayLike, count: int) -> Floats:
    array = _numbers("y", y)
    if array.shape != (count,):
        raise SampleError("y has the wrong shape", reason="shape", got=array.shape, expected=f"({count},)")
    wrong = ~(np.isnan(array) | (array == 0) | (array == 1))
    if wrong.any():
        raise SampleError(
            "y is not a binary target",
            reason="target",
            got=_first(array, wrong),
            expected="0, 1, or NaN for no label",
        )
    return array


def _numbers(name: str, value: npt.ArrayLike) -> Floats:
    try:
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite and is refused as such
            return np.asarray(value, dtype=np.float32)
    except (TypeError, ValueError):
        raise SampleError(
            f"{name} is not numbers", reason="type", got=repr(value), expected="an array of float32"
        ) from None


def _first(array: Floats, where: npt.NDArray[np.bool_]) -> str:
    index = tuple(int(i) for i in np.argwhere(where)[0])
    return f"{array[index]} at index {index if len(index) > 1 else index[0]}"


def _check_structure(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    different = [f"{name} {theirs[name]} (here {ours[name]})" for name in ours if theirs[name] != ours[name]]
    if different:
        raise IncompatibleError(
            "the snapshot was made with other settings",
            got=", ".join(different),
            expected="equal structural settings",
            remedy="set them as they were, or start anew in another directory",
        )


def _check_arrays(theirs: Arrays, ours: Arrays) -> None:
    def form(arrays: Arrays) -> dict[str, tuple[Any, ...]]:
        # the window's first axis grows up to K − 1; everything else is fixed by the settings
        return {
            name: (array.dtype, *(array.shape[1:] if name == "window.inputs" else array.shape))
            for name, array in arrays.items()
        }

    wanted, got = form(ours), form(theirs)
    for name in sorted(wanted.keys() | got.keys()):
        if wanted.get(name) != got.get(name):
            raise IncompatibleError(
                f"the snapshot's array {name} does not fit",
                got=got.get(name, "none"),
                expected=str(wanted.get(name, "none")),
            )


def _check_window(arrays: Arrays, truncation: int) -> None:
    filled, length = min(int(arrays["counts.samples"]), truncation - 1), len(arrays["window.inputs"])
    if length != filled:
        raise IncompatibleError("the snapshot's window does not fit", got=f"{length} inputs", expected=f"{filled}")
