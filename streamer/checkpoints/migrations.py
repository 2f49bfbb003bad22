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


MIGRATIONS: dict[int, Callable[[Document], Document]] = {1: _from_1}
"""Format → how its document becomes one of the next."""


def migrated(document: Document, version: int) -> Document:
    """The document of a format that has migrations, as one of the newest format."""
    while version in MIGRATIONS:
        document, version = MIGRATIONS[version](document), version + 1
    return document
