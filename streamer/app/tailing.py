"""Samples one by one, as far as a daemon tells them: what is seen of its last samples, and what passed unseen."""

from typing import Any

from streamer.telemetry.committee import leading


class Tail:
    """Turns looks at a stream's last samples into lines, each sample once.

    >>> tail = Tail()
    >>> seen = {"numbers": [3, 4], "inputs": [[0.0], [0.5]], "targets": [None, 1.0], "predictions": [0.7, 0.2]}
    >>> tail.lines({"epoch": "e", "recent": seen})[1]
    {'number': 4, 'x': [0.5], 'prediction': 0.2, 'target': 1.0, 'right': False}
    >>> tail.lines({"epoch": "e", "recent": seen | {"numbers": [9, 10]}})[0]
    {'gap': 4, 'from': 5, 'to': 8}
    >>> seen = {"numbers": [0], "inputs": [[0.5]], "targets": [3.0], "predictions": [[2.5, 2.0, 3.0]]}
    >>> Tail().lines({"epoch": "e", "recent": seen})[0]["right"] is None
    True
    >>> Tail().lines({"epoch": "e", "recent": seen, "members": [{"name": "knn", "share": 0.75}]})[-1]
    {'leading': 'knn', 'share': 0.75}
    """

    def __init__(self) -> None:
        self._next: int | None = None
        self._epoch: str | None = None
        self._leading: str | None = None

    def lines(self, stream: dict[str, Any]) -> list[dict[str, Any]]:
        """What is new in a stream seen closely: a line a sample, and one for those that went by too fast.

        At last one for who carries a committee's prediction now, if that is another one than before.
        """
        recent = stream["recent"]
        if recent is None:
            return []
        if stream["epoch"] != self._epoch:
            self._epoch, self._next = stream["epoch"], None
        numbers = recent["numbers"]
        start = numbers[0] if self._next is None else self._next
        # Between two samples seen together there are only labels and what was refused.
        lines = [{"gap": numbers[0] - start, "from": start, "to": numbers[0] - 1}] if numbers[0] > start else []
        lines += [_line(recent, index) for index, number in enumerate(numbers) if number >= start]
        self._next = numbers[-1] + 1
        return [*lines, *self._change(stream)]

    def _change(self, stream: dict[str, Any]) -> list[dict[str, Any]]:
        first = leading(stream.get("members", []))
        if first is None or first["name"] == self._leading:
            return []
        self._leading = first["name"]
        return [{"leading": first["name"], "share": first["share"]}]


def _line(recent: dict[str, Any], index: int) -> dict[str, Any]:
    prediction, target = recent["predictions"][index], recent["targets"][index]
    # a list is of a number with its interval, or of classes: neither is right or wrong by itself
    right = None if target is None or isinstance(prediction, list) else (prediction > 0.5) == (target > 0)
    return {
        "number": recent["numbers"][index],
        "x": recent["inputs"][index],
        "prediction": prediction,
        "target": target,
        "right": right,
    }
