"""A checkpoint as bytes: a line with a checksum, a line of JSON, and the arrays as safetensors.

    streamer-checkpoint 3 <SHA-256, in hex, of the version and of every byte after this line>
    {"stream": …, "serial": …, "structure": …, "positions": …, "engine": …, "written_at": …, "frozen": …, "build": …}
    <safetensors>

One digest over all bytes leaves no bit of the file unguarded. Nothing is unpickled. Older formats are read by way of
`migrations.py`, which says how a new one is made.
"""

import hashlib

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.migrations import MIGRATIONS, migrated
from streamer.errors import CorruptError, IncompatibleError

FORMAT = 3
_MAGIC = b"streamer-checkpoint"


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stream: str
    serial: int
    structure: dict[str, int | float | str | bool | None]
    positions: list[tuple[str, int]]
    engine: str
    written_at: float
    frozen: bool
    build: dict[str, str]


def dump(checkpoint: Checkpoint) -> bytes:
    """The file's content."""
    document = _Document(
        checkpoint.stream,
        checkpoint.serial,
        checkpoint.structure,
        list(checkpoint.positions.items()),
        checkpoint.engine,
        checkpoint.written_at,
        checkpoint.frozen,
        checkpoint.build,
    )
    # safetensors writes the memory under an array, whatever its strides say: it must be in C order
    arrays = {name: np.array(array, order="C", copy=True) for name, array in checkpoint.arrays.items()}
    body = msgspec.json.encode(document) + b"\n" + save(arrays)
    version = b"%d" % FORMAT
    return b"%s %s %s\n%s" % (_MAGIC, version, _digest(version, body), body)


def parse(data: bytes) -> Checkpoint:
    """The checkpoint in a file's content; CorruptError unless every byte is as it was written.

    A file of a format that is not known here is IncompatibleError: it is not damaged, and must not be thrown away.
    """
    version, body = _checked(data)
    text, _, tensors = body.partition(b"\n")
    try:
        document = msgspec.convert(migrated(msgspec.json.decode(text, type=dict), version), _Document)
        arrays = load(tensors)
    except (msgspec.DecodeError, SafetensorError, KeyError, TypeError) as error:  # the latter two of a migration
        raise CorruptError("a checkpoint cannot be read", got=str(error)) from None
    return Checkpoint(
        stream=document.stream,
        serial=document.serial,
        structure=document.structure,
        positions=dict(document.positions),
        engine=document.engine,
        written_at=document.written_at,
        arrays=arrays,
        frozen=document.frozen,
        build=document.build,
    )


def format_of(data: bytes) -> int:
    """The format of a whole file; errors as of `parse`."""
    return _checked(data)[0]


def _checked(data: bytes) -> tuple[int, bytes]:
    """The format and what follows the first line."""
    line, _, body = data.partition(b"\n")
    words = line.split(b" ")
    if len(words) != 3 or words[0] != _MAGIC:
        raise CorruptError("not a checkpoint", got=repr(line[:40]), expected=f"{_MAGIC.decode()} {FORMAT} <checksum>")
    if words[2] != _digest(words[1], body):
        raise CorruptError("a checkpoint is damaged: its checksum does not match")
    known = {b"%d" % version: version for version in (*MIGRATIONS, FORMAT)}
    if words[1] not in known:
        raise IncompatibleError(
            "a checkpoint of another format",
            got=repr(words[1])[2:-1],
            expected=f"{min(known.values())} to {FORMAT}",
            remedy="use the release of streamer that wrote it",
        )
    return known[words[1]], body


def _digest(version: bytes, body: bytes) -> bytes:
    return hashlib.sha256(version + b"\n" + body).hexdigest().encode()
