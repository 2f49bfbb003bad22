import random
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


def mutated(frame: Parts, rng: random.Random, others: list[Parts]) -> list[bytes]:
    parts = [bytearray(part) for part in frame]
    for _ in range(rng.randint(1, 4)):
        part = rng.choice(parts)
        place = rng.randrange(len(part) + 1)
        match rng.randrange(4):
            case 0:
                part[place : place + 1] = bytes([rng.randrange(256)])
            case 1:
                part[place:place] = rng.randbytes(rng.randint(1, 5))
            case 2:
                del part[place : place + rng.randint(1, 5)]
            case _:
                other = rng.choice(others)[0]
                part[place:place] = other[rng.randrange(len(other)) :]
    return [bytes(part) for part in parts]


def with_right_checksum(parts: list[bytes]) -> list[bytes]:
    return resealed(parts[0][4:])


def test_twenty_thousand_mutated_frames_raise_nothing_but_frame_error() -> None:
    rng = random.Random(0)
    for _ in range(20_000):
        frame = rng.choice(FRAMES)
        parts = mutated(frame, rng, FRAMES)
        assert refused(parts) or parts == list(frame)


def test_twenty_thousand_mutants_with_a_right_checksum_raise_nothing_but_frame_error() -> None:
    rng = random.Random(1)
    mutants = [with_right_checksum(mutated(rng.choice(FRAMES), rng, FRAMES)) for _ in range(20_000)]
    outcomes = [refused(mutant) for mutant in mutants]
    assert 0.5 < sum(outcomes) / len(outcomes) < 1  # a few mutants are frames, only others


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(b"\x93\x01\x07\x94\x01\xa1\xff\xa1a\xc3", id="text that is not UTF-8"),
        pytest.param(b"\x93\x01\x08" + b"\x91" * 4_000 + b"\x01", id="nested too deep"),
        pytest.param(b"\x93\x01\x08\x92\x01" + b"\x91" * 4_000 + b"\x01", id="nested too deep where ignored"),
        pytest.param(b"\x93\x01\x08" + b"\x91" * 100_000 + b"\x01", id="too long for a header"),
    ],
)
def test_what_makes_the_decoder_itself_stumble_is_refused(header: bytes) -> None:
    with pytest.raises(FrameError):
        decode([zlib.crc32(header).to_bytes(4, "little") + header])
