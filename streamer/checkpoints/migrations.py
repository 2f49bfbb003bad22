"""From the document of an older format to that of the next one.

A checkpoint of any format that was ever released is read for ever. To make format N: raise `FORMAT` in `format.py`
to N and change its `_Document`; add here the function that makes a document of N − 1 into one of N, pure, under the
key N − 1; put a file that the release before has written into `tests/checkpoints/golden/`, and one of the new format
beside it. A new *array* needs none of this: whoever reads it says what its absence means.
"""

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
"""The line of JSON, decoded."""


def _from_1(document: Document) -> Document:
    """Format 1 knew no frozen streams, and did not say what it was computed with.

    >>> _from_1({"stream": "s"})
    {'stream': 's', 'frozen': False, 'build': {}}
    """
    return {**document, "frozen": False, "build": {}}


def _from_2(document: Document) -> Document:
    """Format 2 was of one task, of predictions of one number, and of one step size.

    >>> _from_2({"structure": {"learner.hidden": 4}})["structure"]["learner.task"]
    'binary'
    """
    task = {"learner.task": "binary", "learner.classes": 16, "learner.horizons": "1", "learner.coverage": 0.9}
    return {**document, "structure": document["structure"] | task | {"learner.schedule": "auto"}}


MIGRATIONS: dict[int, Callable[[Document], Document]] = {1: _from_1, 2: _from_2}
"""Format → how its document becomes one of the next."""


def migrated(document: Document, version: int) -> Document:
    """The document of a format that has migrations, as one of the newest format."""
    while version in MIGRATIONS:
        document, version = MIGRATIONS[version](document), version + 1
    return document
