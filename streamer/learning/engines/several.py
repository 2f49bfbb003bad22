"""Engines that step side by side, each on blocks of its own: a call for all of them."""

from collections.abc import Sequence
from typing import Protocol

from streamer.learning.engines.engine import Engine
from streamer.learning.engines.trail import Trail
from streamer.samples import Floats, Numbers


class Several(Protocol):
    """What engines do, of several: bit for bit what each would do on its own, in order.

    It holds the engines themselves: they may be loaded and exported in between, and used one by one.
    """

    def predict(self, xs: Sequence[Floats]) -> list[Floats]:
        """(I,) for each engine → its prediction (O,)."""
        ...

    def step_many(
        self, xs: Sequence[Floats], ys: Sequence[Floats], trails: Sequence[Trail | None] | None = None
    ) -> list[Floats]:
        """(T, I) and (T, M) for each engine, and a trail for those that are to leave one → its predictions (T, O)."""
        ...

    def relearn(
        self,
        hidden: Sequence[Floats],
        windows: Sequence[Floats],
        lengths: Sequence[Numbers],
        ys: Sequence[Floats],
    ) -> None:
        """(n, H), (n, K, F), (n,) and (n, M) for each engine."""
        ...


def make_several(engines: Sequence[Engine]) -> Several:
    """In one compiled call if all are fused, else one after the other."""
    if engines and all(engine.name == "fused" for engine in engines):
        from streamer.learning.engines.fused.engine import FusedEngine
        from streamer.learning.engines.fused.several import FusedSeveral

        return FusedSeveral([engine for engine in engines if isinstance(engine, FusedEngine)])
    return InTurn(engines)


class InTurn:
    """One after the other, from Python: what `Several` is to do, as its own statement."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = list(engines)

    def predict(self, xs: Sequence[Floats]) -> list[Floats]:
        """As each does."""
        return [engine.predict(x) for engine, x in zip(self._engines, xs, strict=True)]

    def step_many(
        self, xs: Sequence[Floats], ys: Sequence[Floats], trails: Sequence[Trail | None] | None = None
    ) -> list[Floats]:
        """As each does."""
        trails = [None] * len(self._engines) if trails is None else trails
        return [
            engine.step_many(x, y, trail) for engine, x, y, trail in zip(self._engines, xs, ys, trails, strict=True)
        ]

    def relearn(
        self,
        hidden: Sequence[Floats],
        windows: Sequence[Floats],
        lengths: Sequence[Numbers],
        ys: Sequence[Floats],
    ) -> None:
        """As each does."""
        for engine, front, inputs, counts, y in zip(self._engines, hidden, windows, lengths, ys, strict=True):
            engine.relearn(front, inputs, counts, y)
