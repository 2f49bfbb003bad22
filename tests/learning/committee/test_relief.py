"""With a budget the dearest members rest while a stream is faster than they are; without one nobody does."""

import numpy as np
import pytest

from streamer.errors import SettingsError
from streamer.learning.committee.committee import Committee
from streamer.learning.committee.relief import PATIENCE, Relief
from streamer.samples import Floats

COSTS = {"prior": 0.1, "linear": 1.0, "fourier": 4.0}
SMALL = ("prior", "markov", "linear")


def rows(count: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(0)
    xs = rng.standard_normal((count, 2)).astype(np.float32)
    return xs, (xs[:, 0] > 0).astype(np.float32)


def a_committee(budget: float | None) -> Committee:
    return Committee("binary", inputs=2, members=SMALL, microseconds_per_sample=budget)


def out(committee: Committee) -> set[str]:
    return {member.name for member in committee.standings().members if member.out}


def test_nobody_rests_without_a_budget_however_slow_it_is() -> None:
    committee = a_committee(None)
    committee.step_many(*rows(2 * PATIENCE))
    before = committee.state_hash()
    committee.relieve(1e6, waiting=True)
    assert not out(committee)
    assert committee.state_hash() == before


def test_the_dearest_rests_first_and_the_last_one_never() -> None:
    committee = a_committee(50.0)
    rested = []
    for _ in range(4):
        committee.step_many(*rows(PATIENCE))
        committee.relieve(100.0, waiting=True)
        rested.append(len(out(committee)))
    assert rested == [1, 2, 2, 2]
    assert "linear" in out(committee)
    assert np.isfinite(committee.step_many(*rows(10))).all()


def test_who_rests_wakes_when_there_is_time_again_and_learns_on() -> None:
    committee = a_committee(50.0)
    committee.step_many(*rows(PATIENCE))
    committee.relieve(100.0, waiting=True)
    assert out(committee) == {"linear"}
    committee.step_many(*rows(PATIENCE))
    committee.relieve(1.0, waiting=False)
    assert not out(committee)
    xs, ys = rows(3 * PATIENCE)
    said = committee.step_many(xs, ys)
    assert ((said > 0.5) == ys)[-500:].mean() > 0.95


def test_a_label_reaches_a_member_that_has_rested_only_for_samples_of_its_own() -> None:
    committee = a_committee(50.0)
    xs, ys = rows(PATIENCE)
    committee.step_many(xs, ys)
    committee.relieve(100.0, waiting=True)
    committee.step_many(xs, np.full_like(ys, np.nan))
    committee.relieve(1.0, waiting=False)
    committee.step_many(xs, np.full_like(ys, np.nan))
    for number in (PATIENCE, 2 * PATIENCE):  # one that the linear model has slept through, and its next one
        before = committee.export()["horizon0.members.linear.weights"]
        committee.label(number, float(ys[0]))
        after = committee.export()["horizon0.members.linear.weights"]
        assert np.array_equal(before, after) == (number == PATIENCE)


def test_who_rests_is_in_the_state() -> None:
    committee = a_committee(50.0)
    committee.step_many(*rows(PATIENCE))
    committee.relieve(100.0, waiting=True)
    again = Committee.restore(committee.snapshot())
    assert out(again) == out(committee) == {"linear"}
    assert np.array_equal(again.step_many(*rows(99)), committee.step_many(*rows(99)))


@pytest.mark.parametrize(("waiting", "cost"), [(False, 100.0), (True, 4.0)])
def test_nobody_rests_while_nothing_waits_or_it_is_fast_enough(waiting: bool, cost: float) -> None:
    assert Relief(COSTS, budget=5.0).rests(0, cost, waiting=waiting, playing=COSTS) is None


def test_between_two_changes_there_is_time_to_see_what_the_first_has_done() -> None:
    relief = Relief(COSTS, budget=5.0)
    assert relief.rests(0, 9.0, waiting=True, playing=COSTS) == "fourier"
    assert relief.rests(PATIENCE - 1, 9.0, waiting=True, playing=["prior", "linear"]) is None
    assert relief.rests(PATIENCE, 9.0, waiting=True, playing=["prior", "linear"]) == "linear"


def test_a_budget_takes_the_members_that_fit_and_says_what_would_if_none_does() -> None:
    assert len(Committee("regression", microseconds_per_sample=1.5).members) < 8
    with pytest.raises(SettingsError, match=r"too little for any member.*give at least 0\.\d+"):
        Committee("regression", microseconds_per_sample=0.01)
