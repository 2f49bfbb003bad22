"""An estimator of River's as a member of a committee.

Its state cannot be put into a checkpoint: River knows pickles alone, and nothing here is ever unpickled. After a
restart it begins anew, and until it is good again the mixture leans on the others.
"""

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
from river import base

from streamer.errors import Fault, SettingsError
from streamer.learning.committee.members.block import BlockMember
from streamer.learning.committee.members.target import Target, within
from streamer.samples import Arrays, Floats, Numbers


class RiverMember(BlockMember):
    """Gives it each row as features by their places, and takes what it says of the classes, or the number.

    >>> from river.linear_model import LinearRegression
    >>> member = RiverMember(LinearRegression(), Target("numbers"))
    >>> xs = np.random.default_rng(0).standard_normal((500, 2)).astype(np.float32)
    >>> bool(np.abs(member.step_many(xs, xs[:, 0])[-9:, 0] - xs[-9:, 0]).max() < 0.1)
    True
    """

    def __init__(self, estimator: base.Estimator, target: Target, *, label_horizon: int = 65_536) -> None:
        super().__init__(target, context=0, label_horizon=label_horizon)
        self._new = estimator
        self._estimator: Any = estimator.clone()
        self._found = 2 if target.kind == "binary" else 0
        self._range = (np.inf, -np.inf)
        self._failed = False

    def _widen(self, before: int, after: int) -> None:
        self._awaited.widen(after, np.arange(before))

    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        """NaN once it has failed: it cannot take back what it has learned of the block by then."""
        said = np.full((len(rows), self.width), np.nan, np.float32)
        for t, row in enumerate(rows):
            with self._noticing():
                said[t] = self._foresee(row[None])
            with self._noticing():
                self._take(row, float(targets[t]))
        return said, rows

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """What it raises, and that it is of no use from then on. A prediction does not depend on its own target."""
        try:
            yield
        except Exception:  # it is not ours, and may fail on whatever it likes
            self._failed = True

    def _foresee(self, row: Floats) -> Floats:
        if self._failed:
            return np.full((1, self.width), np.nan, np.float32)
        x = _named(row[0])
        if self.target.kind == "numbers":
            value = float(self._estimator.predict_one(x) or 0.0)
            low, high = self._range
            return np.full((1, self.width), min(max(value, low), high) if low <= high else 0.0, np.float32)
        said = self._estimator.predict_proba_one(x)
        shares = np.array([float(said.get(place, 0.0)) for place in range(max(self.width, 2))])
        shares[: self._found] += 1e-9  # of a class that it says nothing of
        shares[self._found :] = 0
        if self._found:
            shares /= shares.sum()
        own = shares[None, 1:2] if self.target.kind == "binary" else shares[None, : self.width]
        return within(own.astype(np.float32), self.target.kind)

    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        for row, target in zip(contexts, targets.tolist(), strict=True):
            self._take(row, target)

    def _take(self, row: Floats, y: float) -> None:
        if y != y or self._failed:
            return
        if self.target.kind == "numbers":
            self._range = (min(self._range[0], y), max(self._range[1], y))
            self._estimator.learn_one(_named(row), y)
        else:
            self._found = max(self._found, int(y) + 1)
            self._estimator.learn_one(_named(row), int(y))

    def _state(self) -> Arrays:
        return {"found": np.array(self._found), "range": np.array(self._range)}

    def _restore(self, arrays: Arrays) -> None:
        """What it has found out of targets; the estimator begins anew."""
        self._estimator, self._failed = self._new.clone(), False
        self._found = int(arrays["found"])
        low, high = arrays["range"].tolist()
        self._range = (low, high)


def river_members(names: Sequence[str], *, label_horizon: int) -> dict[str, Callable[[Target], RiverMember]]:
    """Makers of members of names such as `tree.HoeffdingTreeClassifier`, by the names of their classes.

    SettingsError if River has no estimator of a name, or it wants parameters; when made, if it is of another kind than
    the target.
    """
    return {name.rpartition(".")[2]: partial(_member, name, _estimator(name), label_horizon) for name in names}


def _estimator(name: str) -> base.Estimator:
    module, _, kind = name.rpartition(".")
    try:
        made = getattr(importlib.import_module(f"river.{module}"), kind)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise _fault(name, f"River has no such estimator ({error})") from None
    if not isinstance(made, base.Classifier | base.Regressor):
        raise _fault(name, "it is neither a classifier nor a regressor")
    return made


def _member(name: str, estimator: base.Estimator, label_horizon: int, target: Target) -> RiverMember:
    wanted = base.Regressor if target.kind == "numbers" else base.Classifier
    if not isinstance(estimator, wanted):
        raise _fault(name, f"it is no {wanted.__name__.lower()}")
    if isinstance(estimator, base.Classifier) and target.kind == "classes" and not estimator._multiclass:
        raise _fault(name, "it knows two classes only")
    return RiverMember(estimator, target, label_horizon=label_horizon)


def _fault(name: str, problem: str) -> SettingsError:
    remedy = "give the name of one that does without parameters, as forest.ARFClassifier"
    return SettingsError([Fault("committee.river", f"got {name!r}: {problem}", remedy)])


def _named(row: Floats) -> dict[str, float]:
    return {str(place): value for place, value in enumerate(row.tolist())}
