import zlib

import numpy as np
import pytest

from streamer.errors import FrameError
from streamer.samples import Block
from streamer.wire.frames import Parts, decode, encode, encode_block
from streamer.wire.messages import Bye, Flush, Hello, HelloAgain, Ping, Progress, Refused, Resend, Welcome

FRAMES: list[Parts] = [
    encode(Hello(0, "s-1", 2, "0123456789abcdef", 0, 2**62, 0, 9, False, 0)),
    encode(Welcome(2**40, 5, 100, 0)),
    encode_block(7, Block(1000, np.array([[0.5], [1]], np.float32), np.array([1, np.nan], np.float32))),
    encode(Progress(7, 1, 2, 3, 0)),
    encode(Resend(7, 9)),
    encode(HelloAgain(7)),
    encode(Refused(7, "held", "another producer has it", True)),
    encode(Ping(7, 0, 0)),
    encode(Bye(7)),
    encode(Flush(7, 0, 0)),
    encode_block(7, Block(9, np.array([[0.5], [0]], np.float32), np.array([np.nan, 1], np.float32), np.array([-1, 9]))),
]


def refused(parts: list[bytes] | Parts) -> bool:
    try:
        decode(parts)
    except FrameError:
        return True
    return False


@pytest.mark.parametrize("frame", FRAMES, ids=range(1, 12))
def test_a_frame_that_is_whole_is_not_refused(frame: Parts) -> None:
    assert not refused(frame)


@pytest.mark.parametrize("frame", FRAMES, ids=range(1, 12))
def test_a_frame_with_any_one_bit_flipped_is_refused(frame: Parts) -> None:
    for place, part in enumerate(frame):
        for bit in range(8 * len(part)):
            damaged = bytearray(part)
            damaged[bit // 8] ^= 1 << bit % 8
            assert refused([*frame[:place], bytes(damaged), *frame[place + 1 :]]), (place, bit)


@pytest.mark.parametrize("frame", FRAMES, ids=range(1, 12))
def test_a_frame_cut_short_anywhere_is_refused(frame: Parts) -> None:
    for place, part in enumerate(frame):
        for length in range(len(part)):
            assert refused([*frame[:place], part[:length], *frame[place + 1 :]]), (place, length)


def resealed(content: bytes) -> list[bytes]:
    return [zlib.crc32(content).to_bytes(4, "little") + content]


def test_a_frame_that_lost_its_payload_or_has_another_ones_is_refused() -> None:
    (frame,) = FRAMES[2]
    assert refused(resealed(frame[4:-20]))
    assert refused([frame[:-16] + bytes(16)])


def test_bytes_after_a_frame_or_its_header_are_refused() -> None:
    for (frame,) in FRAMES:
        assert refused([frame + b"\0"])
        assert refused(resealed(frame[4:] + b"\0"))
        longer = int.from_bytes(frame[4:6], "little") + 1
        assert refused(resealed(longer.to_bytes(2, "little") + frame[6:] + b"\0"))
