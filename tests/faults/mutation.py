"""Bad frames made of good ones: what a bad line, a bad program or a bad person sends."""

import random
import zlib
from typing import Any

import msgspec

from tests.vectors.plain import pack

Parts = list[bytes]
INTEGERS = b"\x00", b"\x7f", b"\xff", b"\xd3" + b"\x80" + bytes(7), b"\xcf" + b"\xff" * 8, b"\xcf\x40" + bytes(7)
EDGES = (0, -1, 1000, 2**32, 2**62, 2**62 + 1, 2**63, 2**64 - 1)
VALUES: tuple[Any, ...] = (*EDGES, "", "../x", "t", "x" * 65, None, True, 0.5, [], {}, b"\0")


class Mutator:
    """Makes bad frames of good ones."""

    def __init__(self, rng: random.Random, others: list[Parts]) -> None:
        self._rng = rng
        self._others = others

    def mutant(self, frame: Parts) -> Parts:
        """A frame with another value in its header, or changed in one to three places, sealed again or not."""
        chance = self._rng.random()
        if chance < 0.25:
            return joined(self._with_another_value(*divided(frame)))
        if chance < 0.5:
            return joined(self._changed(divided(frame)))
        parts = list(frame)
        for _ in range(self._rng.choice((1, 1, 2, 3))):
            parts = self._changed(parts)
        return sealed(parts) if chance < 0.6 else parts

    def _changed(self, parts: Parts) -> Parts:
        rng = self._rng
        if not parts or rng.random() < 0.05:
            return self._with_other_parts(parts)
        which = rng.randrange(len(parts))
        part = parts[which]
        place = rng.randrange(len(part) + 1)
        length = rng.choice((1, 2, 4, 8, 64))
        head, tail = part[:place], part[place:]
        match rng.randrange(8):
            case 0 | 1:
                flipped = bytes([tail[0] ^ 1 << rng.randrange(8)]) if tail else b""
                changed = head + flipped + tail[1:]
            case 2:
                changed = head + rng.randbytes(length) + tail[length:]
            case 3:
                changed = head + rng.randbytes(length) + tail
            case 4:
                changed = head + tail[length:]
            case 5:
                changed = head + tail[:length] * rng.choice((2, 3)) + tail[length:]
            case 6:
                changed = head + rng.choice(INTEGERS) + tail[1:]
            case _:
                other = rng.choice(rng.choice(self._others))
                changed = head + other[rng.randrange(len(other)) :]
        return [*parts[:which], changed, *parts[which + 1 :]]

    def _with_another_value(self, header: bytes, payload: bytes) -> Parts:
        """What no random byte would hit: the header is whole, one field says something else."""
        version, kind, fields = msgspec.msgpack.decode(header)
        place = self._rng.randrange(len(fields))
        near = fields[place] + self._rng.choice((-1, 1, 7)) if type(fields[place]) is int else "s"
        fields[place] = self._rng.choice((near, near, near, *VALUES))
        return [pack([version, kind, fields]), payload]

    def _with_other_parts(self, parts: Parts) -> Parts:
        rng = self._rng
        match rng.randrange(5):
            case 0:
                return parts[:-1]
            case 1:
                return parts + parts[-1:]
            case 2:
                return parts[::-1]
            case 3:
                return parts[:1] + rng.choice(self._others)[1:]
            case _:
                return [rng.randbytes(rng.randrange(100)) for _ in range(rng.randrange(4))]


def divided(frame: Parts) -> Parts:
    """A good frame's header and payload."""
    (whole,) = frame
    end = 6 + int.from_bytes(whole[4:6], "little")
    return [whole[6:end], whole[end:]]


def joined(pieces: Parts) -> Parts:
    """The frame of a header and whatever follows it, sealed: the length is right, and so is the checksum."""
    header = pieces[0][: 2**16 - 1] if pieces else b""
    return sealed([bytes(4) + len(header).to_bytes(2, "little") + header + b"".join(pieces[1:])])


def sealed(parts: Parts) -> Parts:
    """The same with a right checksum, so that the checks behind it are reached."""
    return [zlib.crc32(part[4:]).to_bytes(4, "little") + part[4:] for part in parts]
