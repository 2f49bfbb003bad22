"""Scores of predictions that are more or less far off: mean errors, and how intervals hold."""

import math
from collections.abc import Sequence

import numpy as np

from streamer.evaluation.card import Errors
from streamer.evaluation.gains import Doubles, ErrorShares
from streamer.evaluation.means import Means
from streamer.evaluation.parts import Part

OWN = ("absolute", "squared", "inside", "width", "bounded")


class ErrorTally:
    """Takes in predictions (value, lower, upper) with their targets, beside those of null models."""

    def __init__(self, nulls: Sequence[str], *, window: int) -> None:
        self._nulls = tuple(nulls)
        self._means = Means((*OWN, *nulls), window=window)
        self._shares = ErrorShares(len(nulls))

    def update(self, own: Doubles, by_null: Doubles, ys: Doubles) -> Doubles:
        """Of the next samples: (T, 3), (T, m) and (T,). Returns the gains over each null model (T, m)."""
        errors = np.abs(own[:, 0] - ys)
        lower, upper = own[:, 1], own[:, 2]
        bounded = np.isfinite(lower) & np.isfinite(upper)
        inside = bounded & (lower <= ys) & (ys <= upper)
        width = np.where(bounded, upper - lower, 0.0)
        rows = (errors, errors**2, inside, width, bounded, *np.abs(by_null - ys[:, None]).T)
        self._means.update(np.column_stack(rows))
        return self._shares.step_many(own[:, 0], by_null, ys)

    @property
    def count(self) -> int:
        """Samples scored."""
        return self._means.count

    @property
    def in_window(self) -> int:
        """Samples in the sliding window."""
        return self._means.in_window

    def card(self) -> Errors:
        """The scores now."""
        overall, windowed = self._means.overall(), self._means.windowed()
        return Errors(
            absolute=overall["absolute"],
            absolute_windowed=windowed["absolute"],
            squared=math.sqrt(overall["squared"]),
            squared_windowed=math.sqrt(windowed["squared"]),
            coverage=_share(overall["inside"], overall["bounded"]),
            coverage_windowed=_share(windowed["inside"], windowed["bounded"]),
            width_windowed=_share(windowed["width"], windowed["bounded"]),
            nulls={name: overall[name] for name in self._nulls},
            nulls_windowed={name: windowed[name] for name in self._nulls},
        )

    def parts(self) -> dict[str, Part]:
        """What the state is made of."""
        return {"errors": self._means, "shares": self._shares}


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
