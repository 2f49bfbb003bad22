"""A checkpoint as bytes: a line with a checksum, a line of JSON, and the arrays as safetensors.

    streamer-checkpoint 1 <SHA-256, in hex, of the version and of every byte after this line>
    {"stream": …, "serial": …, "structure": …, "positions": …, "engine": …, "written_at": …}
    <safetensors>

One digest over all bytes leaves no bit of the file unguarded. Nothing is unpickled.
"""

import hashlib

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.errors import CorruptError, IncompatibleError

FORMAT = 1
_MAGIC = b"streamer-checkpoint"


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stream: str
    serial: int
    structure: dict[str, int | float | str | bool | None]
    positions: list[tuple[str, int]]
    engine: str
    written_at: float


def dump(checkpoint: Checkpoint) -> bytes:
    """The file's content."""
    document = _Document(
        checkpoint.stream,
        checkpoint.serial,
        checkpoint.structure,
        list(checkpoint.positions.items()),
        checkpoint.engine,
        checkpoint.written_at,
    )
    # safetensors writes the memory under an array, whatever its strides say: it must be in C order
    arrays = {name: np.array(array, order="C", copy=True) for name, array in checkpoint.arrays.items()}
    body = msgspec.json.encode(document) + b"\n" + save(arrays)
    version = b"%d" % FORMAT
    return b"%s %s %s\n%s" % (_MAGIC, version, _digest(version, body), body)


def parse(data: bytes) -> Checkpoint:
    """The checkpoint in a file's content; CorruptError unless every byte is as it was written.

    A file of another format version is IncompatibleError: it is not damaged, and must not be thrown away.
    """
    line, _, body = data.partition(b"\n")
    words = line.split(b" ")
    if len(words) != 3 or words[0] != _MAGIC:
        raise CorruptError("not a checkpoint", got=repr(line[:40]), expected=f"{_MAGIC.decode()} {FORMAT} <checksum>")
    if words[2] != _digest(words[1], body):
        raise CorruptError("a checkpoint is damaged: its checksum does not match")
    if words[1] != b"%d" % FORMAT:
        raise IncompatibleError(
            "a checkpoint of another format",
            got=words[1].decode(),
            expected=str(FORMAT),
            remedy="use the release of streamer that wrote it",
        )
    text, _, tensors = body.partition(b"\n")
    try:
        document, arrays = msgspec.json.decode(text, type=_Document), load(tensors)
    except (msgspec.DecodeError, SafetensorError) as error:
        raise CorruptError("a checkpoint cannot be read", got=str(error)) from None
    return Checkpoint(
        stream=document.stream,
        serial=document.serial,
        structure=document.structure,
        positions=dict(document.positions),
        engine=document.engine,
        written_at=document.written_at,
        arrays=arrays,
    )


def _digest(version: bytes, body: bytes) -> bytes:
    return hashlib.sha256(version + b"\n" + body).hexdigest().encode()
