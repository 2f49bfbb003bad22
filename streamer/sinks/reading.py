"""What the numbers of a prediction are called, and what a person reads in them."""

import math
from collections.abc import Iterator
from typing import Any

from streamer.sinks.sink import Predicted

ENDS = ("value", "lower", "upper")


def fields_of(predicted: Predicted) -> Iterator[dict[str, Any]]:
    """For each sample its number, its target and its prediction by name; None for what there is not.

    A prediction is a `probability` (of 1); or the `prediction` that is likeliest among classes, its `probability` and
    the `probabilities` of all; or `value`, `lower` and `upper`, of a forecast once for each horizon: `value_5`, ….

    >>> import numpy as np
    >>> [fields] = fields_of(Predicted(7, np.array([[0.25]], np.float32), np.array([1], np.float32)))
    >>> fields
    {'number': 7, 'target': 1.0, 'probability': 0.25}
    """
    for at in range(len(predicted)):
        target = _number(predicted.targets[at])
        row = [_number(value) for value in predicted.rows[at]]
        yield {"number": predicted.first + at, "target": _named(predicted, target), **_prediction(predicted, row)}


def names_of(width: int, horizons: tuple[int, ...]) -> list[str]:
    """Names of the places of a row that is no classes' probabilities; none if it can only be those.

    >>> names_of(1, ()), names_of(3, ()), names_of(6, (5, 10))[3:], names_of(8, ())
    (['probability'], ['value', 'lower', 'upper'], ['value_10', 'lower_10', 'upper_10'], [])
    """
    if width == 1:
        return ["probability"]
    if horizons and width == len(ENDS) * len(horizons):
        return [f"{end}_{horizon}" for horizon in horizons for end in ENDS]
    return list(ENDS) if width == len(ENDS) else []


def _prediction(predicted: Predicted, row: list[float | None]) -> dict[str, Any]:
    names = [] if predicted.classes else names_of(len(row), predicted.horizons)
    if names:
        return dict(zip(names, row, strict=True))
    found = dict(zip(predicted.classes, row, strict=False))
    known = {code: value for code, value in found.items() if value is not None}
    best = max(known, key=lambda code: known[code], default=None)
    best = None if best is not None and known[best] == 0 else best  # none of the classes was found yet
    return {
        "prediction": _named(predicted, best),
        "probability": None if best is None else known[best],
        "probabilities": {str(_named(predicted, code)): value for code, value in found.items()},
    }


def _named(predicted: Predicted, target: float | None) -> float | str | None:
    return predicted.texts.get(target, target) if target is not None else None


def _number(value: Any) -> float | None:
    """The shortest number that is the same float32."""
    number = float(str(value))
    return number if math.isfinite(number) else None
