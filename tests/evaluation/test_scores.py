import math
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streamer.evaluation.binary import BinaryScores
from streamer.evaluation.card import Answers
from streamer.samples import Arrays, Floats

PLAIN = [(0.9, 1.0), (0.2, 1.0), (0.4, 0.0)]
LATER = ("null", "skill")

Samples = list[tuple[float, float]]
samples_of = st.lists(
    st.tuples(st.floats(0, 1, width=32), st.sampled_from([0.0, 1.0, math.nan])), min_size=1, max_size=80
)


def arrays(samples: Samples) -> tuple[Floats, Floats]:
    return np.array([p for p, _ in samples], np.float32), np.array([y for _, y in samples], np.float32)


def step(scores: BinaryScores, predictions: Floats, targets: Floats) -> None:
    scores.step(np.zeros((len(targets), 1), np.float32), predictions, targets)


def scores_of(samples: Samples) -> BinaryScores:
    scores = BinaryScores(window=10, fading=0.9)
    step(scores, *arrays(samples))
    return scores


def answers_of(scores: BinaryScores) -> Answers:
    answers = scores.card().answers
    assert answers is not None
    return answers


def bits(arrays: Arrays) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    return {name: (array.dtype.str, array.shape, array.tobytes()) for name, array in arrays.items()}


def scored(scores: BinaryScores) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    """The state without the null models, which see inputs."""
    return bits({name: array for name, array in scores.export().items() if not name.startswith("null_")})


def noisy(count: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 2, count).astype(np.float32)
    targets[rng.random(count) < 0.1] = np.nan
    return rng.random(count, np.float32), targets


@given(samples=samples_of)
def test_the_card_agrees_with_a_plain_loop_over_the_labelled_samples(samples: Samples) -> None:
    scores = scores_of(samples)
    card = answers_of(scores)
    labelled = [(p, y) for p, y in samples if not math.isnan(y)]
    rights = [(p > 0.5) == (y == 1) for p, y in labelled]
    assert (scores.card().labelled, card.correct) == (len(rights), sum(rights))
    if labelled:
        assert card.accuracy == sum(rights) / len(rights)
        assert math.isclose(card.accuracy_windowed, sum(rights[-10:]) / len(rights[-10:]))
        before = [0.0, *(y for _, y in labelled)]
        same = [old == new for old, new in pairwise(before)]
        assert card.baselines["last_value"] == sum(same) / len(same)
        assert math.isclose(card.baselines_windowed["last_value"], sum(same[-10:]) / len(same[-10:]))


@given(samples=samples_of, cuts=st.lists(st.integers(0, 80), max_size=8))
def test_however_the_samples_are_cut_all_scores_have_the_same_bits(samples: Samples, cuts: list[int]) -> None:
    cut = BinaryScores(window=10, fading=0.9)
    predictions, targets = arrays(samples)
    places = sorted(min(place, len(samples)) for place in cuts)
    for part, labels in zip(np.split(predictions, places), np.split(targets, places), strict=True):
        step(cut, part, labels)
    assert bits(cut.export()) == bits(scores_of(samples).export())


def test_a_long_stream_cut_into_single_samples_or_into_blocks_has_the_same_bits() -> None:
    predictions, targets = noisy(3000)
    exports = []
    for blocks in (1, 7, 3000):
        scores = BinaryScores(window=100, fading=0.999)
        for part, labels in zip(np.array_split(predictions, blocks), np.array_split(targets, blocks), strict=True):
            step(scores, part, labels)
        exports.append(bits(scores.export()))
    assert exports[0] == exports[1] == exports[2]


@given(cuts=st.lists(st.integers(0, 600), max_size=5))
def test_a_stream_that_is_solved_on_the_way_has_the_same_bits_however_it_is_cut(cuts: list[int]) -> None:
    targets = (np.arange(600) % 3 == 0).astype(np.float32)
    predictions = np.where(np.arange(600) < 100, 1 - targets, targets)
    whole, cut = BinaryScores(window=10, fading=0.9), BinaryScores(window=10, fading=0.9)
    step(whole, predictions, targets)
    for part, labels in zip(np.split(predictions, sorted(cuts)), np.split(targets, sorted(cuts)), strict=True):
        step(cut, part, labels)
    assert answers_of(whole).solved_at == 100 + 198
    assert bits(cut.export()) == bits(whole.export())


@given(before=samples_of, after=samples_of)
def test_scores_that_were_exported_and_loaded_have_the_same_future(before: Samples, after: Samples) -> None:
    first, second = scores_of(before), BinaryScores(window=10, fading=0.9)
    second.load(first.export())
    step(first, *arrays(after))
    step(second, *arrays(after))
    assert bits(second.export()) == bits(first.export())
    assert repr(second.card()) == repr(first.card())


@given(samples=samples_of)
def test_a_sample_without_a_label_is_not_scored(samples: Samples) -> None:
    scores = scores_of(samples)
    before = scored(scores)
    step(scores, np.array([0.9, 0.1], np.float32), np.array([math.nan, math.nan], np.float32))
    assert scored(scores) == before


def test_a_prediction_of_exactly_one_half_says_0() -> None:
    assert scores_of([(0.5, 0.0), (0.5, 1.0)]).counts() == (2, 1)


def test_coin_flips_are_predicted_by_nobody() -> None:
    scores = BinaryScores(window=10_000, fading=0.999)
    rng = np.random.default_rng(1)
    step(scores, rng.random(10_000, np.float32), rng.integers(0, 2, 10_000).astype(np.float32))
    card = answers_of(scores)
    assert all(abs(share - 0.5) < 0.02 for share in (card.accuracy, *card.baselines.values()))  # 4 sigma
    assert card.solved_at is None


def test_before_the_first_label_everything_is_nan_and_nothing_is_solved() -> None:
    scores = BinaryScores(window=10, fading=0.9)
    card = answers_of(scores)
    shares = [card.accuracy, card.accuracy_windowed, card.accuracy_fading, card.log_loss_bits]
    assert all(map(math.isnan, [*shares, *card.baselines.values(), *card.baselines_windowed.values()]))
    assert (scores.card().labelled, card.solved_at, card.curve) == (0, None, [])


def test_the_state_does_not_grow_past_its_window() -> None:
    scores = BinaryScores(window=50, fading=0.9)
    sizes = []
    for count in (2000, 20_000):
        step(scores, *noisy(count))
        sizes.append({name: array.nbytes for name, array in scores.export().items()})
    assert sizes[0] == sizes[1]
    assert max(sizes[0].values()) <= 50 * 8 * 4


def test_the_state_keeps_no_part_of_a_block_alive_beyond_the_next_one() -> None:
    scores = BinaryScores(window=50, fading=0.9)
    step(scores, *noisy(100_000))
    step(scores, *noisy(10))
    held = [array.base.nbytes for array in scores.export().values() if array.base is not None]
    assert all(size <= 60 * 8 * 4 for size in held)


def test_a_state_from_before_there_were_null_models_stays_as_it_is_until_the_next_sample_comes() -> None:
    old = {name: array for name, array in scores_of(PLAIN).export().items() if not name.startswith(LATER)}
    scores = BinaryScores(window=10, fading=0.9)
    scores.load(old)
    assert bits(scores.export()) == bits(old)
    step(scores, *arrays([(0.9, math.nan)]))
    assert {name.partition(".")[0] for name in scores.export()} > {name.partition(".")[0] for name in old}
    assert scores.card().labelled == len(PLAIN)
    assert scores.card().skill.samples == 0
