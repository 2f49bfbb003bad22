"""Writes the vectors: `python -m tests.vectors.make`."""

import json
from collections.abc import Iterable
from pathlib import Path

from tests.vectors.bad import bad
from tests.vectors.good import Vector, good

DIRECTORY = Path(__file__).parent


def text_of(vectors: Iterable[Vector]) -> str:
    """JSON, a vector a line."""
    lines = (json.dumps(vector, ensure_ascii=True, allow_nan=False) for vector in vectors)
    return "[\n" + ",\n".join(lines) + "\n]\n"


FILES = {"good.json": good, "bad.json": bad}


def main() -> None:
    for name, vectors in FILES.items():
        (DIRECTORY / name).write_text(text_of(vectors()))


if __name__ == "__main__":
    main()
