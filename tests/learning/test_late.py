"""The rows of late samples, held against a plain record of everything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.learning.engines.trail import Trail
from streamer.learning.late import Late

K, F, H, C = 3, 2, 2, 1
HORIZON = 12


def row(number: int) -> tuple[list[float], list[float], list[float]]:
    """Input, hidden state and context of a sample, told by its number."""
    return [number, number + 0.25], [number + 0.5] * H, [-number]


class World:
    """Late beside a list of all samples."""

    def __init__(self) -> None:
        self.late = Late(HORIZON, K)
        self.awaited: list[bool] = []

    def step(self, awaited: list[bool]) -> None:
        first, count = len(self.awaited), len(awaited)
        self.awaited += awaited
        if not (self.late.active or any(awaited)):
            return
        if not self.late.active:
            before = range(max(0, first - K + 1), first)
            self.late.begin(first, np.array([row(n)[0] for n in before], np.float32).reshape(-1, F))
        inputs, hidden, contexts = zip(*(row(n) for n in range(first, first + count)), strict=True)
        trail = Trail(np.array(hidden, np.float32), np.array(inputs, np.float32))
        self.late.keep(trail, np.array(contexts, np.float32), np.array(awaited))

    def can_be_labelled(self, number: int) -> bool:
        return len(self.awaited) - HORIZON <= number < len(self.awaited) and number >= 0 and self.awaited[number]

    def label(self, number: int) -> None:
        past = self.late.take(np.array([number]))
        window = range(max(0, number - K + 1), number + 1)
        assert past.lengths.tolist() == [len(window)]
        assert past.windows[0, : len(window)].tolist() == [row(n)[0] for n in window]
        assert not past.windows[0, len(window) :].any()
        assert past.hidden[0].tolist() == row(number)[1]
        assert past.kept[0].tolist() == row(number)[2]
        self.awaited[number] = False


steps = st.lists(st.booleans(), min_size=1, max_size=9)
programs = st.lists(st.one_of(steps, st.integers(0, 60)), max_size=25)


@given(programs)
def test_a_label_finds_what_its_sample_was_made_from_and_no_other_does(program: list[list[bool] | int]) -> None:
    world = World()
    for act in program:
        if isinstance(act, list):
            world.step(act)
        elif world.can_be_labelled(act):
            assert not world.late.objection(act)
            world.label(act)
        else:
            assert world.late.objection(act)


@given(programs)
def test_the_state_does_not_depend_on_how_samples_are_cut_into_blocks(program: list[list[bool] | int]) -> None:
    whole, single = World(), World()
    for act in program:
        if isinstance(act, list):
            whole.step(act)
            for awaited in act:
                single.step([awaited])
        elif whole.can_be_labelled(act):
            whole.label(act)
            single.label(act)
    mine, theirs = whole.late.export(), single.late.export()
    assert {name: array.tolist() for name, array in mine.items()} == {
        name: array.tolist() for name, array in theirs.items()
    }


@given(programs, steps)
def test_it_goes_on_from_its_arrays(program: list[list[bool] | int], more: list[bool]) -> None:
    world = World()
    for act in program:
        if isinstance(act, list):
            world.step(act)
    restored = Late(HORIZON, K)
    restored.load(world.late.export())
    world.late = restored
    world.step(more)
    for number in range(len(world.awaited)):
        if world.can_be_labelled(number):
            world.label(number)
    assert not world.late.active


def test_what_is_kept_is_bounded_by_the_horizon() -> None:
    world, sizes = World(), set()
    for _ in range(300):
        world.step([True] * 7)
        sizes.add(world.late.export()["rows"].nbytes)
    assert max(sizes) <= (HORIZON + K) * (F + H + C) * 4


@pytest.mark.parametrize(("number", "reason"), [(0, "label_late"), (29, "label_unknown"), (40, "label_unknown")])
def test_why_a_label_cannot_be_used_is_told(number: int, reason: str) -> None:
    world = World()
    world.step([True] * 29 + [False])
    assert world.late.objection(number) == reason
