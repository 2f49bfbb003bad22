"""When targets come: nobody learns one before it is known, and nobody is told one twice."""

import numpy as np
import pytest

from streamer.learning.committee.body import Body
from streamer.learning.committee.intervals import Bare
from streamer.learning.committee.mixing.choice import make_mixture
from streamer.learning.committee.relief import Relief
from streamer.learning.committee.timing import Later, Next, Prompt, Timing
from streamer.samples import Floats, Numbers
from tests.learning.committee.scripted import Scripted


class Noting(Scripted):
    """Notes what it learns: the number of the sample, the label, and how many it had seen by then."""

    def __init__(self) -> None:
        super().__init__()
        self.learned: list[tuple[int, float, int]] = []

    def _one(self, row: Floats, y: np.float32) -> Floats:
        said = super()._one(row, y)
        if y == y:
            self.learned.append((int(self.state[0]) - 1, float(y), int(self.state[0])))
        return said

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        super().label_many(numbers, ys)
        self.learned += [(n, y, int(self.state[0])) for n, y in zip(numbers.tolist(), ys.tolist(), strict=True)]


def body_of(member: Noting, horizon: int = 1) -> Body:
    mixture = make_mixture("binary", 1, classes=2, horizon=horizon)
    return Body({"noting": member}, mixture, Bare(1), relief=Relief({}, budget=None), label_horizon=20)


ROWS = np.zeros((10, 1), np.float32)
VALUES = np.array([0, 1, 1, np.nan, 0, 1, 0, 0, 1, 1], np.float32)
KNOWN = [(t, y) for t, y in enumerate(VALUES.tolist()) if y == y]


def run(timing: Timing, cut: int) -> Floats:
    return np.concatenate([timing.step(ROWS[:cut], VALUES[:cut]), timing.step(ROWS[cut:], VALUES[cut:])])


@pytest.mark.parametrize("cut", [0, 1, 4, 10])
def test_a_prompt_target_is_learned_with_its_sample(cut: int) -> None:
    member = Noting()
    run(Prompt(body_of(member)), cut)
    assert member.learned == [(t, y, t + 1) for t, y in KNOWN]


@pytest.mark.parametrize("cut", [0, 1, 4, 10])
def test_the_next_value_is_the_target_of_the_row_before_which_waits_for_it(cut: int) -> None:
    member = Noting()
    timing = Next(body_of(member))
    run(timing, cut)
    assert member.learned == [(t - 1, y, t) for t, y in KNOWN if t]
    assert member.state[0] == 9  # the last row waits


@pytest.mark.parametrize("cut", [0, 1, 4, 10])
@pytest.mark.parametrize("steps", [2, 3, 12])
def test_the_value_some_steps_later_is_learned_when_it_comes(cut: int, steps: int) -> None:
    member = Noting()
    run(Later(body_of(member), steps, ahead=True), cut)
    assert member.learned == [(t - steps, y, t) for t, y in KNOWN if t >= steps]


@pytest.mark.parametrize("cut", [0, 1, 4, 10])
@pytest.mark.parametrize("steps", [2, 3, 12])
def test_a_target_that_is_known_some_steps_later_is_learned_before_the_sample_of_then(cut: int, steps: int) -> None:
    member = Noting()
    run(Later(body_of(member), steps, ahead=False), cut)
    assert member.learned == [(t, y, t + steps) for t, y in KNOWN if t + steps <= 10]


def test_a_sample_that_has_brought_its_target_gets_no_other() -> None:
    timing = Later(body_of(Noting()), 3, ahead=False)
    timing.step(ROWS, VALUES)
    assert {t: timing.objection(t) for t in (3, 7, 8, 9, 10)} == {
        3: "",
        **dict.fromkeys((7, 8, 9, 10), "label_unknown"),
    }
    timing.step(ROWS[:1], np.full(1, np.nan, np.float32))
    assert timing.objection(10) == ""
    assert timing.objection(-11) == "label_late"


@pytest.mark.parametrize("ahead", [True, False])
def test_what_waits_is_put_aside_too(ahead: bool) -> None:
    for make in (lambda body: Next(body), lambda body: Later(body, 3, ahead=ahead)):
        one, other = make(body_of(Noting())), make(body_of(Noting()))
        one.step(ROWS[:5], VALUES[:5])
        other.load(one.export())
        assert one.step(ROWS[5:], VALUES[5:]).tobytes() == other.step(ROWS[5:], VALUES[5:]).tobytes()
        assert {name: array.tobytes() for name, array in one.export().items()} == {
            name: array.tobytes() for name, array in other.export().items()
        }


def test_a_look_is_given_only_where_nothing_has_to_be_learned_first() -> None:
    following = Next(body_of(Noting()))
    assert following.peek(ROWS[:1]) is not None
    following.step(ROWS[:1], VALUES[:1])
    assert following.peek(ROWS[:1]) is None
    assert Later(body_of(Noting()), 3, ahead=True).peek(ROWS[:1]) is None
    assert Later(body_of(Noting()), 3, ahead=False).peek(ROWS[:1]) is not None
