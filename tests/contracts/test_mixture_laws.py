"""What every mixture keeps."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.kernels.block import BlockKernel
from streamer.learning.committee.mixing.mixture import Mixture
from streamer.samples import Arrays, Floats
from tests.learning.committee.mixing.streams import KINDS, Kind, Stream, cuts_of, in_parts, seeds

COUNT, MEMBERS = 60, 4

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def stream_of(kind: Kind, seed: int, count: int = COUNT, members: int = MEMBERS) -> Stream:
    return kind.stream(np.random.default_rng(seed), count, members)


def stepped(kind: Kind, stream: Stream, members: int = MEMBERS) -> Mixture:
    mixture = kind.make(members)
    mixture.step_many(*stream)
    return mixture


def bits(arrays: Arrays) -> dict[str, Any]:
    return {name: (array.dtype.str, array.shape, array.tobytes()) for name, array in arrays.items()}


def same(a: Floats, b: Floats) -> bool:
    return a.shape == b.shape and a.tobytes() == b.tobytes()


def unlabelled(stream: Stream) -> Stream:
    return Stream(stream.said, np.full_like(stream.ys, np.nan))


@each_kind
@given(seed=seeds, cuts=cuts_of)
def test_however_a_stream_is_cut_predictions_and_state_have_the_same_bits(
    kind: Kind, seed: int, cuts: list[int]
) -> None:
    stream, whole, cut = stream_of(kind, seed), kind.make(MEMBERS), kind.make(MEMBERS)
    for one, other in zip(whole.step_many(*stream), in_parts(cut, stream, cuts), strict=True):
        assert same(one, other)
    assert bits(cut.export()) == bits(whole.export())


@each_kind
@given(seed=seeds, at=st.integers(0, COUNT - 1))
def test_a_prediction_is_made_before_its_target_and_those_after_it_are_known(kind: Kind, seed: int, at: int) -> None:
    stream = stream_of(kind, seed)
    ys = stream.ys.copy()
    ys[at:] = np.where(np.isnan(ys[at:]), 1.0, 0.0)
    here, there = (kind.make(MEMBERS).step_many(stream.said, targets)[0] for targets in (stream.ys, ys))
    assert same(here[: at + 1], there[: at + 1])


@each_kind
@given(seed=seeds)
def test_a_peek_says_what_the_step_then_says_and_changes_nothing(kind: Kind, seed: int) -> None:
    stream = stream_of(kind, seed)
    mixture = stepped(kind, stream.part(0, COUNT - 1))
    before = bits(mixture.export())
    peeked = mixture.peek(stream.said[-1:])
    assert bits(mixture.export()) == before
    assert same(peeked, mixture.step_many(*stream.part(COUNT - 1, COUNT))[0])


@each_kind
@given(seed=seeds)
def test_it_goes_on_where_its_export_left_it(kind: Kind, seed: int) -> None:
    stream = stream_of(kind, seed)
    first, second = stepped(kind, stream.part(0, 30)), kind.make(MEMBERS)
    second.load(first.export())
    for one, other in zip(*(m.step_many(*stream.part(30, COUNT)) for m in (first, second)), strict=True):
        assert same(one, other)
    assert bits(second.export()) == bits(first.export())


@each_kind
def test_an_export_is_a_copy(kind: Kind) -> None:
    mixture = stepped(kind, stream_of(kind, 0))
    exported = mixture.export()
    before = bits(exported)
    mixture.step_many(*stream_of(kind, 1))
    assert bits(exported) == before
    mixture.load(exported)
    mixture.step_many(*stream_of(kind, 1))
    assert bits(exported) == before


@each_kind
@given(seed=seeds)
def test_a_label_that_comes_late_with_nothing_in_between_is_as_a_prompt_one(kind: Kind, seed: int) -> None:
    stream, prompt, late = stream_of(kind, seed), kind.make(MEMBERS), kind.make(MEMBERS)
    for at in range(COUNT):
        one = stream.part(at, at + 1)
        mixed, _ = prompt.step_many(*one)
        predicted, kept = late.step_many(*unlabelled(one))
        late.label(kept, one.ys)
        assert same(predicted, mixed)
    assert bits(late.export()) == bits(prompt.export())


@each_kind
@given(seed=seeds, cuts=cuts_of)
def test_late_labels_one_by_one_or_together_leave_the_same_state(kind: Kind, seed: int, cuts: list[int]) -> None:
    stream = stream_of(kind, seed)
    together, apart = stepped(kind, stream), stepped(kind, stream)
    _, kept = together.step_many(*unlabelled(stream))
    together.label(kept, stream.ys)
    for at in range(COUNT):
        apart.label(kept[at : at + 1], stream.ys[at : at + 1])
    assert bits(together.export()) == bits(apart.export())


@each_kind
def test_samples_without_a_label_and_blocks_of_nothing_change_nothing(kind: Kind) -> None:
    stream = stream_of(kind, 0)
    mixture = stepped(kind, stream)
    before = bits(mixture.export())
    mixture.step_many(*unlabelled(stream))
    mixed, kept = mixture.step_many(*stream.part(0, 0))
    mixture.label(kept, stream.ys[:0])
    assert len(mixed) == len(kept) == 0
    assert bits(mixture.export()) == before


@each_kind
@given(seed=seeds, members=st.integers(1, 6))
def test_shares_are_parts_of_one_whatever_the_members_are(kind: Kind, seed: int, members: int) -> None:
    mixture = stepped(kind, stream_of(kind, seed, members=members), members)
    shares, losses = mixture.shares(), mixture.losses()
    assert shares.shape == losses.members.shape == (members,)
    assert (shares >= 0).all()
    assert shares.sum() == pytest.approx(1)
    assert np.isfinite(shares).all()


@each_kind
@given(seed=seeds, gone=st.integers(0, MEMBERS - 1))
def test_the_prediction_is_finite_and_the_same_whoever_is_absent_without_a_word(
    kind: Kind, seed: int, gone: int
) -> None:
    """A member that was never there leaves the others as they would be without it."""
    stream = stream_of(kind, seed)
    stream.said[:, gone] = np.nan
    without = np.delete(stream.said, gone, axis=1)
    mixed, alone = kind.make(MEMBERS).step_many(*stream)[0], kind.make(MEMBERS - 1).step_many(without, stream.ys)[0]
    assert np.isfinite(mixed).all()
    first = np.flatnonzero(~np.isnan(stream.ys))[:1].tolist() or [COUNT - 1]
    assert mixed[: first[0] + 1] == pytest.approx(alone[: first[0] + 1], rel=1e-5, abs=1e-6)


@each_kind
def test_who_is_always_right_carries_the_mixture_and_is_told_the_least_loss(kind: Kind) -> None:
    stream = stream_of(kind, 0, 600)
    said = stream.said.copy()
    _right(kind, stream, said)
    mixture = kind.make(MEMBERS)
    mixture.step_many(said, stream.ys)
    assert mixture.shares().argmax() == 2
    assert np.nanargmin(mixture.losses().members) == 2
    assert mixture.losses().mixture < np.delete(mixture.losses().members, 2).min()


def _right(kind: Kind, stream: Stream, said: Floats) -> None:
    for t, y in enumerate(np.nan_to_num(stream.ys).tolist()):
        if said.shape[2] == 1:
            said[t, 2] = y
        else:
            said[t, 2] = 0
            said[t, 2, int(y)] = 1


@each_kind
@given(seed=seeds)
def test_compiled_it_gives_the_bits_of_its_plain_loop(kind: Kind, seed: int) -> None:
    stream = stream_of(kind, seed)
    compiled, plain = kind.make(MEMBERS), kind.make(MEMBERS)
    with as_written(plain):
        plain_made = plain.step_many(*stream)
        plain.label(plain_made[1], stream.ys)
    made = compiled.step_many(*stream)
    compiled.label(made[1], stream.ys)
    for one, other in zip(made, plain_made, strict=True):
        assert same(one, other)
    assert bits(compiled.export()) == bits(plain.export())


@contextmanager
def as_written(mixture: Mixture) -> Iterator[None]:
    """The kernels of its module run as plain Python."""
    module = sys.modules[type(mixture).__module__]
    kernels = {name: kernel for name, kernel in vars(module).items() if isinstance(kernel, BlockKernel)}
    with pytest.MonkeyPatch.context() as patch:
        for name, kernel in kernels.items():
            patch.setattr(module, name, kernel.plain)
        yield
