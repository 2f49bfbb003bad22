"""Members that fail: out for the rest of the term, back from their last good state, whatever the cuts."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.learning.committee import sidelines
from streamer.learning.committee.body import Body
from streamer.learning.committee.intervals import Bare
from streamer.learning.committee.member import Member
from streamer.learning.committee.mixing.choice import make_mixture
from streamer.learning.committee.relief import Relief
from streamer.learning.committee.sidelines import Sidelines, terms
from streamer.samples import Floats
from tests.learning.committee.scripted import RaisingAtTargets, Scripted

TERM = 8
ROWS = np.zeros((1, 1), np.float32)


class At(Scripted):
    """Fails where its own samples have these numbers, and only so often."""

    def __init__(
        self, *, nan: tuple[int, ...] = (), raising: tuple[int, ...] = (), labels: tuple[int, ...] = ()
    ) -> None:
        super().__init__()
        self._nan, self._raising, self._labels = nan, raising, labels

    def says_nan(self, sample: int, row: Floats) -> bool:
        return sample in self._nan

    def raises(self, sample: int, row: Floats) -> bool:
        return sample in self._raising

    def raises_at_label(self, number: int) -> bool:
        return number in self._labels


class Once(Scripted):
    """Fails at a row of the stream, so that it is well when it is back."""

    def says_nan(self, sample: int, row: Floats) -> bool:
        return bool(row[0] == 1)


@pytest.fixture(autouse=True, scope="module")
def short_terms() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sidelines, "TERM", TERM)
        yield


def body_of(**members: Member) -> Body:
    mixture = make_mixture("binary", len(members), classes=2, horizon=1)
    return Body(members, mixture, Bare(1), relief=Relief({}, budget=None), label_horizon=100)


def ones(count: int) -> Floats:
    return np.ones(count, np.float32)


def rows(count: int, at: int | None = None) -> Floats:
    told = np.zeros((count, 1), np.float32)
    if at is not None:
        told[at] = 1
    return told


def out(body: Body) -> dict[str, tuple[int, bool]]:
    return {one.name: (one.benched, one.out) for one in body.standings().members}


@pytest.mark.parametrize("failing", [At(nan=(11,)), At(raising=(11,))])
def test_a_member_that_fails_is_out_for_the_rest_of_the_term_and_counted(failing: Scripted) -> None:
    body = body_of(well=Scripted(), failing=failing)
    body.step(rows(11), ones(11))
    assert out(body) == {"well": (0, False), "failing": (0, False)}
    body.step(rows(1), ones(1))
    assert out(body) == {"well": (0, False), "failing": (1, True)}
    body.step(rows(3), ones(3))
    assert out(body)["failing"] == (1, True)
    body.step(rows(1), ones(1))  # the term is over
    assert out(body)["failing"] == (1, False)


def test_it_goes_on_from_where_it_was_when_the_term_began() -> None:
    member = Once()
    body = body_of(failing=member)
    body.step(rows(12, at=11), ones(12))
    assert member.state.tolist() == [8, 8, 8]  # at once, for it must not matter how much of a block it saw
    body.step(rows(4), ones(4))
    assert member.state.tolist() == [8, 8, 8]
    body.step(rows(5), ones(5))
    assert member.state.tolist() == [13, 13, 13]
    body.step(rows(3), ones(3))
    assert out(body)["failing"] == (1, False)


def test_what_is_kept_after_its_return_is_its_state_at_the_end_of_a_term_that_it_finished() -> None:
    body = body_of(failing=Once())
    body.step(rows(24, at=11), ones(24))
    assert body.export()["sidelines.failing.good.state"].tolist() == [16, 16, 16]


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize("block", [1, 3])
def test_what_it_says_of_a_sample_does_not_depend_on_whether_it_fails_at_its_target(block: int, target: float) -> None:
    body = body_of(failing=RaisingAtTargets(), well=Scripted())
    body.step(rows(4), np.zeros(4, np.float32))
    foreseen = body.peek(ROWS)
    told = body.step(rows(block), np.full(block, target, np.float32))
    assert told[:1].tobytes() == foreseen.tobytes()
    assert out(body)["failing"] == ((1, True) if target else (0, False))


def test_the_prediction_of_a_committee_in_which_all_are_out_is_finite() -> None:
    body = body_of(one=At(nan=(3,)), other=At(raising=(2,)))
    told = body.step(rows(8), ones(8))
    assert np.isfinite(told).all()
    assert told[4:7].tolist() == [[0.5]] * 3
    assert body.peek(ROWS).tolist() != [[0.5]]  # all are back


def test_what_is_told_is_as_if_those_who_are_out_had_never_been_asked() -> None:
    with_it, alone = body_of(well=Scripted(), failing=At(nan=(0,))), body_of(well=Scripted())
    ys = np.random.default_rng(0).integers(0, 2, 40).astype(np.float32)
    together = with_it.step(rows(40), ys)
    assert np.abs(together - alone.step(rows(40), ys)).max() < 0.1
    assert out(with_it)["failing"] == (5, False)


def test_a_label_reaches_a_member_under_its_own_number_and_none_from_before_its_return() -> None:
    told: list[int] = []

    class Noting(Once):
        def label_many(self, numbers: np.ndarray, ys: Floats) -> None:
            told.extend(numbers.tolist())

    body = body_of(failing=Noting(), well=Scripted())
    body.step(rows(20, at=11), np.full(20, np.nan, np.float32))
    body.label_many(np.array([5, 10, 15, 16, 19]), ones(5))
    assert told == [-1, -1, -1, 8, 11]


def test_a_label_for_a_member_that_is_out_changes_nothing_of_it() -> None:
    member = Once()
    body = body_of(failing=member, well=Scripted())
    body.step(rows(12, at=11), np.full(12, np.nan, np.float32))
    body.label_many(np.array([3, 9]), ones(2))
    assert member.state.tolist() == [8, 0, 0]


def test_a_member_that_raises_at_a_label_is_benched() -> None:
    body = body_of(failing=At(labels=(9,)), well=Scripted())
    body.step(rows(12), np.full(12, np.nan, np.float32))
    body.label_many(np.array([2, 9]), ones(2))
    assert out(body) == {"failing": (1, True), "well": (0, False)}
    body.step(rows(4), ones(4))
    assert out(body)["failing"] == (1, False)


def test_a_term_ends_between_a_look_and_the_step_as_it_does_in_a_block() -> None:
    body = body_of(failing=At(nan=(5,)), well=Scripted())
    body.step(rows(8), ones(8))
    seen = body.peek(ROWS)
    assert seen.tobytes() == body.step(ROWS, ones(1)).tobytes()


@given(data=st.data(), cuts=st.lists(st.integers(0, 40), max_size=5))
def test_who_is_out_and_the_state_of_all_do_not_depend_on_how_a_stream_is_cut(
    data: st.DataObject, cuts: list[int]
) -> None:
    nan, raising = (tuple(data.draw(st.lists(st.integers(0, 40), max_size=2))) for _ in range(2))
    ys = np.random.default_rng(1).integers(0, 2, 40).astype(np.float32)
    whole, parts = (body_of(one=At(nan=nan, raising=raising), well=Scripted()) for _ in range(2))
    expected = whole.step(rows(40), ys)
    bounds = [0, *sorted(cuts), 40]
    pieces = [parts.step(rows(b - a), ys[a:b]) for a, b in pairwise(bounds)]
    assert np.concatenate(pieces).tobytes() == expected.tobytes()
    ours, theirs = whole.export(), parts.export()
    assert {name: array.tobytes() for name, array in ours.items()} == {
        name: array.tobytes() for name, array in theirs.items()
    }


def test_a_record_survives_being_put_aside() -> None:
    members = {"failing": Once(), "well": Scripted()}
    body = body_of(**members)
    body.step(rows(20, at=11), ones(20))
    again = body_of(failing=Once(), well=Scripted())
    again.load(body.export())
    body.step(rows(20, at=9), ones(20))
    again.step(rows(20, at=9), ones(20))
    assert out(again) == out(body) == {"failing": (2, False), "well": (0, False)}
    assert members["failing"].state.tolist() == again.members["failing"].export()["state"].tolist()


def test_nobody_is_out_before_anything_was_stepped_over() -> None:
    assert not any(place.out for place in Sidelines({"one": Scripted()}).places.values())


@given(start=st.integers(0, 50), count=st.integers(0, 50), lag=st.integers(0, 1))
def test_parts_follow_one_another_and_none_goes_beyond_a_term(start: int, count: int, lag: int) -> None:
    parts = list(terms(start, count, lags=(lag,)))
    assert [number for part in parts for number in range(part.start, part.stop)] == list(range(count))
    assert all(len({(start + t - lag) // TERM for t in range(part.start, part.stop)}) == 1 for part in parts)
