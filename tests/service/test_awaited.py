import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.service.awaited import Awaited


def waiting_for(numbers: list[int], horizon: int = 8) -> Awaited:
    awaited = Awaited(horizon)
    awaited.put(np.array(numbers), np.array(numbers, np.float32) / np.float32(100))
    return awaited


def test_a_label_meets_the_prediction_of_its_sample_once() -> None:
    awaited = waiting_for([3, 4])
    assert awaited.take(3, now=5) == pytest.approx(0.03)
    assert awaited.take(3, now=6) == "label_unknown"


@pytest.mark.parametrize(("now", "found"), [(11, True), (12, False)])
def test_a_label_later_than_the_horizon_is_late(now: int, found: bool) -> None:
    assert (waiting_for([3], horizon=8).take(3, now) != "label_late") is found


def test_a_label_of_what_nobody_waits_for_is_unknown() -> None:
    assert Awaited(8).take(3, now=5) == "label_unknown"
    assert waiting_for([4]).take(3, now=5) == "label_unknown"


def test_more_samples_than_the_horizon_leave_the_last_ones() -> None:
    awaited = waiting_for(list(range(100)), horizon=8)
    assert awaited.count(now=100) == 8
    assert awaited.take(92, now=100) == pytest.approx(0.92)


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
                ring.put(np.array([now]), np.array([now / 7], np.float32))
        else:
            answers = {ring.take(max(now - event, 0), now) for ring in {original, awaited}}
            assert len(answers) == 1
    assert original.count(len(events)) == awaited.count(len(events)) <= horizon
