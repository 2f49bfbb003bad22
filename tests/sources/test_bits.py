import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.samples import Block
from streamer.sources.bits import BitSource

CHUNK = 4096  # of the generator; the places where a cut could go wrong are around its multiples
LAGS = [0, 1, 5, 5000]


def joined(blocks: list[Block]) -> tuple[bytes, bytes]:
    return b"".join(block.inputs.tobytes() for block in blocks), b"".join(block.targets.tobytes() for block in blocks)


@pytest.mark.parametrize("lag", LAGS)
def test_the_target_is_the_inverse_of_the_bit_lag_steps_before_and_of_0_before_the_first(lag: int) -> None:
    block = BitSource(seed=3, lag=lag).read(0, 12_000)
    bits = block.inputs[:, 0].tolist()
    for t, target in enumerate(block.targets.tolist()):
        assert target == 1 - (bits[t - lag] if t >= lag else 0), t


@pytest.mark.parametrize("lag", LAGS)
@given(
    start=st.one_of(st.integers(0, 20), st.integers(CHUNK - 10, CHUNK + 10)),
    counts=st.lists(st.one_of(st.integers(0, 6), st.integers(CHUNK - 3, CHUNK + 3)), max_size=6),
)
def test_any_partition_into_reads_gives_the_same_stream(lag: int, start: int, counts: list[int]) -> None:
    source = BitSource(seed=1, lag=lag)
    blocks, place = [], start
    for count in counts:
        blocks.append(source.read(place, count))
        assert (blocks[-1].first, len(blocks[-1])) == (place, count)
        place += count
    assert joined(blocks) == joined([source.read(start, place - start)])


def test_a_place_far_ahead_is_reached_at_once() -> None:
    block = BitSource().read(2**50, 3)
    assert (block.first, len(block)) == (2**50, 3)


def test_inputs_do_not_depend_on_the_lag() -> None:
    streams = {BitSource(seed=2, lag=lag).read(100, 5000).inputs.tobytes() for lag in LAGS}
    assert len(streams) == 1


@pytest.mark.parametrize("probability", [0.0, 0.1, 0.25, 0.5, 1.0])
def test_the_share_of_ones_is_the_probability(probability: float) -> None:
    count = 200_000
    share = float(BitSource(seed=5, probability=probability).read(0, count).inputs.mean())
    assert abs(share - probability) <= 5 * np.sqrt(probability * (1 - probability) / count)


def test_bits_hang_neither_on_each_other_nor_on_their_place_in_a_chunk() -> None:
    bits = BitSource(seed=6, probability=0.5).read(0, 64 * CHUNK).inputs[:, 0].astype(np.float64) - 0.5
    for shift in (1, 2, 3, CHUNK):
        assert abs(float(np.mean(4 * bits[shift:] * bits[:-shift]))) < 5 / np.sqrt(len(bits) - shift)


def test_the_stream_does_not_come_round_again() -> None:
    source = BitSource(seed=7)
    places = [*range(200), 2**20, 2**32, 2**40]
    assert len({source.read(place * CHUNK, 200).inputs.tobytes() for place in places}) == len(places)


def test_the_epoch_changes_exactly_when_an_option_does() -> None:
    options = [
        {"seed": seed, "probability": probability, "lag": lag}
        for seed in (0, 1, 11)
        for probability in (0.25, 0.5)
        for lag in (0, 1, 11)
    ]
    epochs = [BitSource(**each).epoch for each in options]  # type: ignore[arg-type]
    assert len(set(epochs)) == len(options)
    assert epochs == [BitSource(**each).epoch for each in options]  # type: ignore[arg-type]


def test_other_seeds_give_other_samples() -> None:
    assert len({BitSource(seed=seed).read(0, 200).inputs.tobytes() for seed in range(20)}) == 20


def test_a_reader_that_writes_into_its_block_does_not_change_the_source() -> None:
    source = BitSource(seed=9)
    before = joined([source.read(0, 50)])
    mine = source.read(0, 50)
    mine.inputs[:] = 7
    mine.targets[:] = 7
    assert joined([source.read(0, 50)]) == before


def test_the_samples_of_an_epoch_never_change() -> None:
    # made with numpy 2.4.6: sha256 of the first 10,000 inputs and targets of BitSource(seed=0), little-endian float32
    source = BitSource(seed=0)
    block = source.read(0, 10_000)
    digest = hashlib.sha256(block.inputs.astype("<f4").tobytes() + block.targets.astype("<f4").tobytes()).hexdigest()
    assert (source.epoch, digest[:32]) == ("4b21a4df299e91952977834a78e5abd7", "f71d92e3a97ed9045840e5ad934a5112")
