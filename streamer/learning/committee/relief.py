"""Who rests while a stream is faster than the committee: the dearest first, and never the last one.

Only a committee with a budget does so, for what it costs is a matter of the clock: who rests, and so the last bits of
the state, is then not the same in every run.
"""

from collections.abc import Collection, Mapping

PATIENCE = 1024
"""Samples between one change and the next."""


class Relief:
    """Decides, from what a sample has cost and whether more are waiting.

    >>> relief = Relief({"prior": 0.1, "linear": 1.0, "fourier": 4.0}, budget=5.0)
    >>> relief.rests(5000, 9.0, waiting=True, playing=["prior", "linear", "fourier"])
    'fourier'
    >>> relief.wakes(9000, 2.0, waiting=False, resting=["linear", "fourier"])
    'linear'
    """

    def __init__(self, costs: Mapping[str, float], *, budget: float | None) -> None:
        self._costs, self._budget = dict(costs), budget
        self._changed = -PATIENCE

    def rests(self, samples: int, microseconds: float, *, waiting: bool, playing: Collection[str]) -> str | None:
        """Who is to rest after so many samples, the last of which cost so much each; None if all may go on."""
        if self._budget is None or not waiting or microseconds <= self._budget or len(playing) < 2:
            return None
        return self._change(samples, max(playing, key=lambda name: self._costs[name]))

    def wakes(self, samples: int, microseconds: float, *, waiting: bool, resting: Collection[str]) -> str | None:
        """Who is to take part again; None if nobody can be afforded."""
        if self._budget is None or waiting or not resting:
            return None
        cheapest = min(resting, key=lambda name: self._costs[name])
        afforded = microseconds + self._costs[cheapest] <= self._budget
        return self._change(samples, cheapest) if afforded else None

    def _change(self, samples: int, name: str) -> str | None:
        if samples < self._changed + PATIENCE:
            return None
        self._changed = samples
        return name
