"""Estimators of River as members of a committee."""

from typing import Any

import numpy as np
import pytest
from river import linear_model, tree

from streamer.app.predictors import CommitteeFactory
from streamer.columns import PLAIN
from streamer.config.committee import CommitteeSettings
from streamer.errors import SettingsError
from streamer.learning.committee.members.target import Target
from streamer.river.member import RiverMember, river_members
from streamer.samples import Floats

TREE = "tree.HoeffdingTreeClassifier"


def rows(count: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(0)
    xs = rng.standard_normal((count, 2)).astype(np.float32)
    return xs, (xs[:, 0] > 0).astype(np.float32)


def settings(**said: Any) -> CommitteeSettings:
    usual: dict[str, Any] = {"inputs": 2, "members": ("prior",), "river": (TREE,), "accept_unresumable": True}
    return CommitteeSettings(**usual | said)


def test_it_says_what_the_estimator_does_before_it_learns() -> None:
    xs, ys = rows(200)
    model, said = linear_model.LogisticRegression(), []
    for x, y in zip(xs, ys, strict=True):
        named = {"0": float(x[0]), "1": float(x[1])}
        said.append(model.predict_proba_one(named).get(True, 0.5))
        model.learn_one(named, bool(y))
    member = RiverMember(linear_model.LogisticRegression(), Target("binary"))
    assert member.step_many(xs, ys)[:, 0] == pytest.approx(said, abs=1e-4)


def test_a_peek_changes_nothing_and_says_the_same() -> None:
    xs, ys = rows(50)
    member = RiverMember(tree.HoeffdingTreeClassifier(), Target("classes", classes=3))
    member.step_many(xs[:-1], ys[:-1])
    assert np.array_equal(member.peek(xs[-1:]), member.peek(xs[-1:]))
    assert np.array_equal(member.peek(xs[-1:]), member.step_many(xs[-1:], ys[-1:]))


def test_a_late_label_is_learned() -> None:
    member = RiverMember(linear_model.LinearRegression(), Target("numbers"))
    xs, ys = rows(9)
    member.step_many(xs, np.full_like(ys, np.nan))
    before = member.peek(xs[:1])
    member.label_many(np.arange(9), 5 * xs[:, 0])
    assert not np.array_equal(before, member.peek(xs[:1]))


def test_numbers_stay_within_what_was_seen() -> None:
    member = RiverMember(linear_model.LinearRegression(), Target("numbers"))
    xs, _ = rows(100)
    member.step_many(xs, xs[:, 0])
    assert abs(member.peek(np.full((1, 2), 1e6, np.float32))[0, 0]) <= np.abs(xs[:, 0]).max()


def test_it_takes_part_in_a_daemons_committees_and_is_shown_to_begin_anew() -> None:
    factory = CommitteeFactory(settings(), 0, engine="auto", label_horizon=9)
    assert "HoeffdingTreeClassifier (begins anew after a restart)" in factory.warm_up()
    committee = factory.create("s", PLAIN)
    committee.step_many(*rows(300))
    assert committee.members == ("prior", "HoeffdingTreeClassifier")
    again = factory.restore("s", committee.export())
    assert np.isfinite(again.step_many(*rows(5))).all()


def test_it_is_refused_unless_somebody_accepts_that_it_cannot_resume() -> None:
    with pytest.raises(SettingsError, match=r"cannot be put into checkpoints.*accept_unresumable = true"):
        settings(accept_unresumable=False)


@pytest.mark.parametrize(
    ("name", "task", "problem"),
    [
        ("tree.Nothing", "binary", "no such estimator"),
        ("nothing.Here", "binary", "no such estimator"),
        ("stats.Mean", "binary", "neither a classifier nor a regressor"),
        (TREE, "regression", "it is no regressor"),
        ("linear_model.LogisticRegression", "multiclass", "two classes only"),
    ],
)
def test_an_estimator_that_will_not_do_is_refused_with_the_reason(name: str, task: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        CommitteeFactory(settings(river=(name,), task=task), 0, engine="auto", label_horizon=9).create("s", PLAIN)


def test_names_are_those_of_the_classes() -> None:
    assert list(river_members((TREE,), label_horizon=9)) == ["HoeffdingTreeClassifier"]


class Failing(linear_model.LogisticRegression):
    """Comes to grief on rows, or on targets, as it likes."""

    def predict_proba_one(self, x: Any, **kwargs: Any) -> Any:
        if x["0"] > 100:
            raise ArithmeticError("a row")
        return super().predict_proba_one(x, **kwargs)

    def learn_one(self, x: Any, y: Any, w: float = 1.0) -> None:
        if x["1"] > 100:
            raise ArithmeticError("a target")
        super().learn_one(x, y, w)


@pytest.mark.parametrize(("column", "silent_from"), [(0, 20), (1, 21)])
@pytest.mark.parametrize("cut", [0, 10, 20, 21, 40])
def test_one_that_fails_says_so_from_then_on_until_it_is_taken_back(column: int, silent_from: int, cut: int) -> None:
    xs, ys = rows(40)
    xs[20, column] = 1000
    member = RiverMember(Failing(), Target("binary"))
    good = member.export()
    said = np.concatenate([member.step_many(xs[:cut], ys[:cut]), member.step_many(xs[cut:], ys[cut:])])
    assert np.isnan(said[:, 0]).tolist() == [False] * silent_from + [True] * (40 - silent_from)
    assert np.isnan(member.peek(xs[:1])).all()
    member.load(good)
    assert np.isfinite(member.step_many(xs[:20], ys[:20])).all()
