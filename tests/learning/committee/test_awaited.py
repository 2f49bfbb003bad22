"""What waits for a label equals a dictionary that forgets."""

from itertools import count

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streamer.learning.committee.awaited import Awaited

HORIZON = 12
actions_of = st.lists(
    st.one_of(
        st.lists(st.booleans(), max_size=30),  # samples, and which of them come without a label
        st.lists(st.integers(-3, 200), max_size=5).map(tuple),  # numbers that are labelled
    ),
    max_size=30,
)


@given(actions=actions_of)
def test_it_is_a_dictionary_that_forgets(actions: list[list[bool] | tuple[int, ...]]) -> None:
    awaited, plain, samples, marks = Awaited(horizon=HORIZON, width=1), dict[int, float](), 0, count(1.0)
    for action in actions:
        if isinstance(action, tuple):
            places, contexts = awaited.take(np.array(action, np.int64))
            expected = [(at, plain.pop(n)) for at, n in enumerate(action) if n in plain]
            assert list(zip(places.tolist(), contexts[:, 0].tolist(), strict=True)) == expected
        else:
            numbers = samples + np.flatnonzero(action)
            own = {number: next(marks) for number in numbers.tolist()}
            awaited.keep(numbers, np.array(list(own.values()), np.float32).reshape(-1, 1))
            samples += len(action)
            awaited.forget(samples)
            plain = {number: mark for number, mark in (plain | own).items() if number >= samples - HORIZON}
        exported = awaited.export()
        assert exported["awaited.numbers"].tolist() == list(plain)
        assert exported["awaited.contexts"][:, 0].tolist() == list(plain.values())


def test_why_a_sample_cannot_be_labelled() -> None:
    awaited = Awaited(horizon=10)
    awaited.keep(np.array([3, 15, 18]), np.zeros((3, 2), np.float32))
    awaited.take(np.array([18]))
    awaited.forget(20)
    assert {number: awaited.objection(number, 20) for number in (-1, 3, 9, 10, 15, 18, 20)} == {
        **dict.fromkeys((-1, 3, 9), "label_late"),
        **dict.fromkeys((10, 18, 20), "label_unknown"),
        15: "",
    }


def test_contexts_are_as_wide_as_the_first_one() -> None:
    awaited = Awaited(horizon=10)
    awaited.keep(np.array([3]), np.array([[1, 2]], np.float32))
    assert awaited.take(np.array([3]))[1].tolist() == [[1, 2]]
