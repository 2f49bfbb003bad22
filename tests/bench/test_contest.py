"""One pass: members are heard as they would be alone, and everybody predicts before it learns."""

from typing import Any

import numpy as np
import pytest

from streamer.bench import contest
from streamer.bench.contest import committee_of, microseconds_alone, run_committee, run_rival, samples_of
from streamer.bench.streams import Stream
from streamer.columns import Column, Schema
from streamer.samples import Block, Floats

MEMBERS = ("prior", "markov", "linear")
ROWS = 300


def made(kind: Any, ys: Floats, *columns: Column) -> tuple[Stream, Block]:
    xs = np.random.default_rng(0).standard_normal((len(ys), len(columns))).astype(np.float32)
    block = Block(0, xs, ys)
    return Stream("made", kind, lambda seed: block, Schema(columns)), block


def bits(count: int = ROWS) -> Floats:
    return np.random.default_rng(1).integers(0, 2, count).astype(np.float32)


@pytest.mark.parametrize("kind", ["binary", "multiclass"])
def test_members_are_heard_as_if_each_were_alone(kind: str) -> None:
    stream, block = made(kind, bits(), Column("a"), Column("b"))
    _, members = run_committee(stream, block, 0, MEMBERS)
    for name, heard in zip(MEMBERS, members, strict=True):
        _, [alone] = run_committee(stream, block, 0, (name,))
        assert heard.losses.tolist() == alone.losses.tolist()
        assert heard.points.tolist() == alone.points.tolist()


def test_the_committees_losses_are_those_of_its_predictions_one_by_one() -> None:
    stream, block = made("binary", bits(), Column("a"))
    own, _ = run_committee(stream, block, 0, MEMBERS[:2])
    committee, said = committee_of(stream, 0, MEMBERS[:2]), []
    for x, y in zip(block.inputs, block.targets, strict=True):
        said.append(committee.predict_one(x))
        committee.learn_one(x, float(y))
    chances = np.where(block.targets > 0, said, 1 - np.array(said))
    assert own.losses == pytest.approx(-np.log(chances), rel=1e-5)
    assert own.microseconds > 0


def test_places_of_classes_are_those_of_the_committee() -> None:
    ys = np.array([5, 5, 2, 9, 2, 5, np.nan, 9] * 20, np.float32)
    stream, block = made("multiclass", ys, Column("a"))
    committee = committee_of(stream, 0, MEMBERS)
    committee.step_many(block.inputs, block.targets)
    places = stream.answers(block).places
    found = [committee.classes[int(place)] for place in places if place == place]
    assert found == [y for y in ys.tolist() if y == y]


def test_numbers_cost_their_error() -> None:
    stream, block = made("regression", np.arange(50, dtype=np.float32), Column("a"))
    _, [last] = run_committee(stream, block, 0, ("last_value",))
    assert last.points.tolist() == last.losses.tolist() == [0.0] + [1.0] * 49


def test_a_member_is_timed_alone() -> None:
    stream, block = made("binary", bits(), Column("a"))
    assert microseconds_alone(stream, block, "prior") > 0


class Recorder:
    """A model that predicts how many samples it has learned."""

    def __init__(self) -> None:
        self.learned: list[Any] = []

    def predict_one(self, x: Any) -> float:
        return float(len(self.learned))

    def learn_one(self, x: Any, y: Any) -> None:
        self.learned.append((x, y))


class Sure:
    """A classifier that is sure of one class, and silent of the first sample."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self._silent = True

    def predict_proba_one(self, x: Any) -> dict[Any, float]:
        return {} if self._silent else {self._target: 1.0}

    def learn_one(self, x: Any, y: Any) -> None:
        self._silent = False


def test_a_rival_predicts_before_it_learns_and_learns_labelled_samples_only() -> None:
    stream, block = made("regression", np.array([0, 1, np.nan, 2], np.float32), Column("a"))
    models: list[Recorder] = []

    def make(seed: int) -> Recorder:
        models.append(Recorder())
        return models[-1]

    assert run_rival(make, stream, block, 0).losses.tolist() == [0, 0, 0, 0]
    assert [y for _, y in models[-1].learned] == [0, 1, 2]


def test_a_rivals_silence_is_an_even_chance_and_a_sure_mistake_is_dear() -> None:
    stream, block = made("binary", np.array([1, 1, 0], np.float32), Column("a"))
    losses = run_rival(lambda seed: Sure(True), stream, block, 0).losses
    assert losses == pytest.approx([np.log(2), 0, 24 * np.log(2)], abs=1e-6)


def test_a_rivals_classes_are_places() -> None:
    stream, block = made("multiclass", np.array([9, 4, 4, 9], np.float32), Column("a"))
    trace = run_rival(lambda seed: Sure(1), stream, block, 0)
    assert trace.points.tolist() == [0, 1, 1, 0]


def test_rivals_get_names_of_features_categories_as_ones_and_nothing_where_a_value_is_missing() -> None:
    schema = Schema((Column("size"), Column("shop", "category")))
    block = Block(0, np.array([[1, 7], [np.nan, 8], [2, np.nan]], np.float32), np.array([1, 0, np.nan], np.float32))
    stream = Stream("made", "binary", lambda seed: block, schema)
    assert list(samples_of(stream, block, stream.answers(block))) == [
        ({"size": 1.0, "shop=7": 1.0}, True),
        ({"shop=8": 1.0}, False),
        ({"size": 2.0}, None),
    ]


def test_blocks_are_cut_as_a_daemon_gets_them_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, block = made("binary", bits(), Column("a"))
    own, members = run_committee(stream, block, 0, MEMBERS)
    monkeypatch.setattr(contest, "BLOCK", 7)
    again, others = run_committee(stream, block, 0, MEMBERS)
    assert own.losses.tolist() == again.losses.tolist()
    assert [one.losses.tolist() for one in members] == [one.losses.tolist() for one in others]
