import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.service.awaited import Awaited, Awaiting


def waiting_for(numbers: list[int], horizon: int = 8) -> Awaited:
    awaited = Awaited(horizon)
    steps = np.array(numbers) + 1000
    awaited.put(np.array(numbers), steps, np.array(numbers, np.float32)[:, None] / np.float32(100))
    return awaited


def found(awaiting: Awaiting | str) -> tuple[int, float] | str:
    return awaiting if isinstance(awaiting, str) else (awaiting.step, round(float(awaiting.context[0]), 4))


def test_a_label_meets_the_step_and_the_context_of_its_sample_once() -> None:
    awaited = waiting_for([3, 4])
    assert found(awaited.take(3, now=5)) == (1003, 0.03)
    assert awaited.take(3, now=6) == "label_unknown"


@pytest.mark.parametrize(("now", "in_time"), [(11, True), (12, False)])
def test_a_label_later_than_the_horizon_is_late(now: int, in_time: bool) -> None:
    assert (waiting_for([3], horizon=8).take(3, now) != "label_late") is in_time


def test_a_label_of_what_nobody_waits_for_is_unknown() -> None:
    assert Awaited(8).take(3, now=5) == "label_unknown"
    assert waiting_for([4]).take(3, now=5) == "label_unknown"


def test_more_samples_than_the_horizon_leave_the_last_ones() -> None:
    awaited = waiting_for(list(range(100)), horizon=8)
    assert awaited.count(now=100) == 8
    assert found(awaited.take(92, now=100)) == (1092, 0.92)


def test_the_oldest_one_is_overdue_when_its_horizon_is_past_and_is_given_up_once() -> None:
    awaited = waiting_for([3, 5], horizon=8)
    assert awaited.next_overdue() == 12
    assert awaited.give_up().step == 1003
    assert awaited.take(3, now=6) == "label_unknown"
    assert awaited.next_overdue() == 14
    awaited.give_up()
    assert awaited.next_overdue() is None


def test_what_was_kept_before_late_labels_were_learned_is_awaited_no_longer() -> None:
    awaited = Awaited(8)
    awaited.load({"numbers": np.array([3]), "predictions": np.array([0.5], np.float32)})
    assert awaited.count(5) == 0


def test_nothing_is_kept_for_a_stream_whose_samples_all_have_labels() -> None:
    awaited = Awaited(10**9)
    assert awaited.count(5) == 0
    assert awaited.export(5) == {}


EVENTS = st.lists(st.one_of(st.just(None), st.integers(0, 20)), max_size=40)


@given(events=EVENTS, horizon=st.integers(1, 12), cut=st.integers(0, 40))
def test_an_export_answers_every_later_label_as_the_original_does(
    events: list[int | None], horizon: int, cut: int
) -> None:
    original = Awaited(horizon)
    awaited = original
    for now, event in enumerate(events):
        if now == cut:
            awaited = Awaited(horizon)
            if arrays := original.export(now):
                awaited.load(arrays)
        if event is None:
            for ring in {original, awaited}:
                ring.put(np.array([now]), np.array([now]), np.array([[now / 7]], np.float32))
        else:
            answers = {found(ring.take(max(now - event, 0), now)) for ring in {original, awaited}}
            assert len(answers) == 1
    assert original.count(len(events)) == awaited.count(len(events)) <= horizon
