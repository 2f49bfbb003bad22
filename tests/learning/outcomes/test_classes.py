import numpy as np
import pytest

from streamer.learning.outcomes.classes import ClassOutcome
from streamer.samples import Floats


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def test_targets_are_places_in_the_order_in_which_classes_are_found() -> None:
    outcome = ClassOutcome(3)
    prepared = outcome.prepare(np.zeros((4, 1), np.float32), floats(7, 3, np.nan, 7))
    assert prepared.targets.ravel().tolist() == pytest.approx([0, 1, np.nan, 0], nan_ok=True)
    assert outcome.classes == (7.0, 3.0)


def test_a_class_beyond_the_limit_a_fraction_and_an_infinity_are_no_targets() -> None:
    outcome = ClassOutcome(2)
    assert outcome.admits(floats(0.5, np.inf, 2**25, 5, 6, 7, 5, np.nan)).tolist() == [
        False, False, False, True, True, False, True, True,
    ]  # fmt: skip
    assert outcome.classes == ()  # to ask is not to find


def test_asking_for_targets_one_by_one_or_together_is_the_same() -> None:
    outcome = ClassOutcome(2)
    outcome.prepare(np.zeros((2, 1), np.float32), floats(5, 6))
    values = (5, 6, 7, 0.5, float("nan"))
    assert [outcome.admits_one(value) for value in values] == outcome.admits(floats(*values)).tolist()


def test_the_classes_found_go_into_the_snapshot() -> None:
    outcome, other = ClassOutcome(4), ClassOutcome(4)
    outcome.prepare(np.zeros((2, 1), np.float32), floats(9, 1))
    other.load(outcome.export())
    assert other.classes == (9.0, 1.0)


def test_of_a_stream_of_symbols_classes_are_found_when_they_are_targets() -> None:
    outcome = ClassOutcome(4, ahead=True)
    assert np.isnan(outcome.prepare(np.zeros((2, 1), np.float32), floats(9, 1)).targets).all()
    assert outcome.classes == ()
    assert outcome.late(np.empty((1, 0), np.float32), floats(9)).tolist() == [[0.0]]
