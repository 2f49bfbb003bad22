"""A path as files: one, or those of a directory, sorted by name; plain or gzip, whichever they begin like."""

import gzip
import os
from io import BufferedReader
from pathlib import Path
from typing import cast

from streamer.errors import DataError

FORMATS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}
"""What a file holds by how its name ends, perhaps with .gz behind."""
_GZIP = b"\x1f\x8b"


def suffix_of(path: Path) -> str:
    """How a name ends, without .gz.

    >>> suffix_of(Path("a/events.JSONL.gz"))
    '.jsonl'
    """
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix


def files_of(path: str) -> list[Path]:
    """The file itself, or a directory's data files; DataError if there is none."""
    found = Path(path)
    if not found.is_dir():
        return [found]
    files = sorted(file for file in found.iterdir() if suffix_of(file) in FORMATS and not file.name.startswith("."))
    if not files:
        expected = f"files that end in {', '.join(FORMATS)}, perhaps with .gz behind"
        raise DataError("a directory without data files", file=path, expected=expected)
    return files


def open_bytes(path: Path) -> BufferedReader:
    """The file's content, decompressed, from its beginning; DataError if it cannot be opened."""
    try:
        with open(path, "rb") as file:
            compressed = file.read(len(_GZIP)) == _GZIP
        return cast("BufferedReader", gzip.open(path)) if compressed else open(path, "rb")
    except OSError as error:
        raise DataError("it cannot be read", file=str(path), got=error.strerror) from None


def signature(path: Path) -> tuple[int, int]:
    """Changes when the file does: its size, and when it was written in nanoseconds."""
    try:
        found = os.stat(path)
    except OSError as error:
        raise DataError("it cannot be read", file=str(path), got=error.strerror) from None
    return found.st_size, found.st_mtime_ns
