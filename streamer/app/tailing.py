"""Samples one by one, as far as a daemon tells them: what is seen of its last samples, and what passed unseen."""

from typing import Any


class Tail:
    """Turns looks at a stream's last samples into lines, each sample once.

    >>> tail = Tail()
    >>> seen = {"number": 4, "inputs": [[0.5]], "targets": [1.0], "predictions": [0.2]}
    >>> tail.lines({"epoch": "e", "recent": seen})
    [{'number': 4, 'x': [0.5], 'prediction': 0.2, 'target': 1.0, 'right': False}]
    >>> tail.lines({"epoch": "e", "recent": seen | {"number": 9}})[0]
    {'gap': 4, 'from': 5, 'to': 8}
    """

    def __init__(self) -> None:
        self._next: int | None = None
        self._epoch: str | None = None

    def lines(self, stream: dict[str, Any]) -> list[dict[str, Any]]:
        """What is new in a stream seen closely: a line a sample, and one for those that went by too fast."""
        recent = stream["recent"]
        if recent is None:
            return []
        if stream["epoch"] != self._epoch:
            self._epoch, self._next = stream["epoch"], None
        first = recent["number"] - len(recent["predictions"]) + 1
        start = first if self._next is None else self._next
        lines = [{"gap": first - start, "from": start, "to": first - 1}] if first > start else []
        lines += [_line(recent, first, number) for number in range(max(first, start), recent["number"] + 1)]
        self._next = recent["number"] + 1
        return lines


def _line(recent: dict[str, Any], first: int, number: int) -> dict[str, Any]:
    index = number - first
    prediction, target = recent["predictions"][index], recent["targets"][index]
    right = None if target is None else (prediction > 0.5) == (target > 0)
    return {
        "number": number,
        "x": recent["inputs"][index],
        "prediction": prediction,
        "target": target,
        "right": right,
    }
