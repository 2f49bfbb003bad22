"""A segment, one file of a spool: a line that says what it is, then records of events, each under its checksum.

    streamer-spool 1 <stream> <epoch> <inputs> <first> <CRC-32, in hex, of the line up to here>
    record    "evts", then CRC-32 of all that follows; first, durable: uint64; count, labels: uint32
              count × (inputs + 1) float32: each row is the inputs, then the target
              if there are labels: count × int64, the number of the sample that each event labels, or −1

All little-endian. `durable` is the number below which everything was on disk when the record was written. A record
that was being written when the machine died is torn: its checksum fails, and the segment ends before it. A whole record
behind it that says that more was on disk tells damage from that. What was written last has nothing behind it; if it is
damaged, the log ends too early, and a daemon that has learned further refuses it.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np

from streamer.errors import CorruptError, IncompatibleError
from streamer.samples import Block, Floats, Numbers, joined

FORMAT = 1
_MAGIC = "streamer-spool"
_LONGEST_LINE = 256
_HEAD = struct.Struct("<4sIQQII")
_MARK = b"evts"
_CHECKED_FROM = 8
"""Where in a record the part begins that its checksum covers."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What every segment of a spool says of it."""

    stream: str
    epoch: str
    inputs: int


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A segment that was read: whose it is, and its events, which may be none."""

    identity: Identity
    events: Block


@dataclass(frozen=True, slots=True, eq=False)
class _Record:
    end: int
    """Where in the file the next one begins."""
    durable: int
    events: Block


def encode_line(identity: Identity, first: int) -> bytes:
    """The line that a segment begins with.

    >>> encode_line(Identity("s", "0" * 16, 1), 7).split()[-1]
    b'4035f51b'
    """
    line = f"{_MAGIC} {FORMAT} {identity.stream} {identity.epoch} {identity.inputs} {first} ".encode()
    return line + b"%08x\n" % zlib.crc32(line)


def encode_record(events: Block, durable: int) -> bytes:
    """A record of events, written when everything below `durable` was on disk.

    >>> len(encode_record(Block(0, np.zeros((2, 1), np.float32), np.ones(2, np.float32)), 0))
    48
    """
    payload = np.column_stack([events.inputs, events.targets]).astype("<f4").tobytes()
    payload += b"" if events.of is None else events.of.astype("<i8").tobytes()
    head = _HEAD.pack(_MARK, 0, events.first, durable, len(events), events.of is not None)
    checked = head[_CHECKED_FROM:] + payload
    return _MARK + zlib.crc32(checked).to_bytes(4, "little") + checked


def record_bytes(inputs: int) -> int:
    """The most bytes that one event takes: a label in a record of its own.

    >>> record_bytes(1)
    48
    """
    return _HEAD.size + 4 * (inputs + 1) + 8


def parse(data: bytes) -> Segment:
    """The events of a segment up to the first that is not whole; CorruptError if that one was on disk before."""
    identity, first, position = _parse_line(data)
    number, found = first, [_nothing(first, identity.inputs)]
    while (record := _record_at(data, position, identity.inputs)) is not None and record.events.first == number:
        found.append(record.events)
        position, number = record.end, record.events.end
    _check_torn(data, position, number, identity.inputs)
    return Segment(identity, joined(found))


def _nothing(first: int, inputs: int) -> Block:
    return Block(first, np.empty((0, inputs), np.float32), np.empty(0, np.float32))


def _parse_line(data: bytes) -> tuple[Identity, int, int]:
    """Whose segment it is, its first number, and where its records begin."""
    end = data.find(b"\n", 0, _LONGEST_LINE) + 1
    line, checksum = data[: max(end - 9, 0)], data[max(end - 9, 0) : end]
    words = line.decode("ascii", "replace").split()
    if checksum != b"%08x\n" % zlib.crc32(line) or words[:1] != [_MAGIC]:
        raise CorruptError("not a segment of a spool, or its first line is damaged", got=repr(data[:40]))
    if words[1] != str(FORMAT):
        raise IncompatibleError(
            "a spool of another format",
            got=words[1],
            expected=str(FORMAT),
            remedy="use the release of streamer that wrote it",
        )
    return Identity(words[2], words[3], int(words[4])), int(words[5]), end


def _record_at(data: bytes, position: int, inputs: int) -> _Record | None:
    """The record that begins here; None if what is here is not a whole one."""
    body = position + _HEAD.size
    if len(data) < body:
        return None
    mark, checksum, first, durable, count, labels = _HEAD.unpack_from(data, position)
    targets_end = body + 4 * count * (inputs + 1)
    end = targets_end + 8 * count * bool(labels)
    whole = mark == _MARK and end <= len(data)
    if not whole or checksum != zlib.crc32(memoryview(data)[position + _CHECKED_FROM : end]):
        return None
    rows = cast("Floats", np.frombuffer(data, "<f4", count * (inputs + 1), body).reshape(count, inputs + 1))
    of = cast("Numbers", np.frombuffer(data, "<i8", count, targets_end)) if labels else None
    return _Record(end, durable, Block(first, rows[:, :-1], rows[:, -1], of))


def _check_torn(data: bytes, position: int, number: int, inputs: int) -> None:
    """CorruptError if the event of this number, which is not whole here, was on disk once."""
    for record in _records_behind(data, position, inputs):
        if record.durable > number:
            raise CorruptError(
                "a spool is damaged: events that were on disk cannot be read any more",
                got=f"number {number} at byte {position}, though all below {record.durable} were safe",
                remedy="put back a copy of the file, or move the spool's directory away to begin a new log",
            )


def _records_behind(data: bytes, position: int, inputs: int) -> Iterator[_Record]:
    while (position := data.find(_MARK, position)) >= 0:
        record = _record_at(data, position, inputs)
        if record is not None:
            yield record
        position += 1
