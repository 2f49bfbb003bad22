"""Makes the small tables beside it, out of a seeded generator: the numbers are made up, and mean nothing.

    python tests/data/made.py       writes them again, to the same bytes

doors.csv      two numbers and whether a door is open: it is if the sum of the two rows before is above 1
shops.csv      hours of two shops with a time column, names, missing values, and a price that follows the hour
events.jsonl   clicks as objects inside objects, a target of three texts, and a key that comes late
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent


def doors() -> Iterator[str]:
    draws = np.random.default_rng(1).random((600, 2)).round(3)
    yield "draught,weight,open"
    for row in range(600):
        before = draws[row - 1].sum() if row else 0.0
        yield f"{draws[row, 0]},{draws[row, 1]},{int(before > 1)}"


def shops() -> Iterator[str]:
    random = np.random.default_rng(2)
    yield "id,when,shop,visitors,price"
    for row in range(480):
        hour, shop = row // 2 % 24, ("north", "south")[row % 2]
        visitors = "NA" if row % 50 == 7 else str(random.integers(0, 40))
        price = 10 + 3 * np.sin(hour / 24 * 2 * np.pi) + (2 if shop == "south" else 0) + random.normal() / 10
        yield f"{row},2024-03-{1 + row // 48:02}T{hour:02}:00:00Z,{shop},{visitors},{price:.2f}"


def events() -> Iterator[str]:
    random = np.random.default_rng(3)
    kind = 0
    for row in range(300):
        kind = (kind + 1) % 3 if random.random() < 0.9 else int(random.integers(3))
        event = {"page": {"depth": int(random.integers(1, 5)), "secure": bool(row % 2)}, "spent": random.random()}
        event |= {"sale": True} if row > 200 and row % 7 == 0 else {}
        yield json.dumps(event | {"next": ("stay", "buy", "leave")[kind]})


TABLES = {"doors.csv": doors, "shops.csv": shops, "events.jsonl": events}


def text_of(name: str) -> str:
    return "".join(line + "\n" for line in TABLES[name]())


if __name__ == "__main__":
    for name in TABLES:
        (FOLDER / name).write_text(text_of(name))
