"""Predictions as lines of text: NDJSON, or CSV with a header."""

import csv
import io
import json
from typing import Protocol

from streamer.sinks.reading import fields_of
from streamer.sinks.sink import Predicted


class LineFormat(Protocol):
    """How predictions are written, and what of a line written before can be read back."""

    def lines(self, predicted: Predicted, *, fresh: bool) -> str:
        """Whole lines; the first one of a `fresh` file may be a header."""
        ...

    def read(self, line: str) -> tuple[int, str]:
        """A line's number and its target as text; ValueError if it is no such line."""
        ...


class Ndjson:
    """An object a line: {"number": 17, "target": 1.0, "probability": 0.93}."""

    def lines(self, predicted: Predicted, *, fresh: bool) -> str:
        """An object for each sample."""
        return "".join(json.dumps(fields, ensure_ascii=False) + "\n" for fields in fields_of(predicted))

    def read(self, line: str) -> tuple[int, str]:
        """A line's number and target."""
        try:
            found = json.loads(line)
            return int(found["number"]), "" if found["target"] is None else str(found["target"])
        except (TypeError, KeyError) as error:
            raise ValueError(str(error)) from None


class Csv:
    """number, target and the prediction's columns; of classes only the likeliest and its probability."""

    def lines(self, predicted: Predicted, *, fresh: bool) -> str:
        """A row for each sample; nothing is an empty cell."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for fields in fields_of(predicted):
            fields.pop("probabilities", None)
            if fresh:
                writer.writerow(fields)
                fresh = False
            writer.writerow(fields.values())
        return text.getvalue()

    def read(self, line: str) -> tuple[int, str]:
        """A row's number and target."""
        cells = next(csv.reader([line]), [])
        if len(cells) < 3:
            raise ValueError("too few cells")
        return int(cells[0]), cells[1]
