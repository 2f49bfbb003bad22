"""What holds for a committee of every task, as for a learner: in short terms, and with members that fail among them."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.columns import PLAIN, Column, Schema
from streamer.config.committee import CommitteeSettings
from streamer.errors import IncompatibleError, SampleError
from streamer.learning.committee import lineup, sidelines
from streamer.learning.committee.committee import Committee
from streamer.learning.committee.recurrent import RecurrentMember
from streamer.learning.committee.roles import ALL, Role, Scene, roles
from streamer.samples import Floats
from tests.learning.committee.scripted import Raising, RaisingAtLabels, SayingNaN

TERM, LENGTH, LABEL_HORIZON = 16, 60, 20
TABLE = Schema((Column("a"), Column("shop", "category"), Column("b")))
SYMBOLS = Schema((Column("symbol", "category"),))
SERIES = Schema((Column("value"), Column("shop", "category")), horizons=(1, 3))

CASES: dict[str, tuple[dict[str, object], Schema]] = {
    "binary": ({"task": "binary"}, PLAIN),
    "binary table": ({"task": "binary"}, TABLE),
    "binary 3": ({"task": "binary", "horizons": (3,)}, PLAIN),
    "multiclass": ({"task": "multiclass"}, PLAIN),
    "multiclass table": ({"task": "multiclass"}, TABLE),
    "regression": ({"task": "regression", "periods": (4,)}, PLAIN),
    "regression table": ({"task": "regression"}, TABLE),
    "regression 3": ({"task": "regression", "horizons": (3,)}, PLAIN),
    "forecast": ({"task": "forecast", "periods": (4,)}, PLAIN),
    "forecast 3": ({"task": "forecast", "horizons": (3,)}, PLAIN),
    "forecast 1 and 3": ({"task": "forecast"}, SERIES),
    "next": ({"task": "next"}, PLAIN),
    "next named": ({"task": "next"}, SYMBOLS),
}
NETWORKS = 2
"""The first two: each takes time to be made anew, and seconds to be compiled."""
AHEAD = [case for case in CASES if CASES[case][0]["task"] in ("forecast", "next")]

cases = pytest.mark.parametrize("case", list(CASES))
labelled = pytest.mark.parametrize("case", [case for case in CASES if case not in AHEAD])
quick = settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 99)

SCRIPTED = {"nan": SayingNaN, "raising": Raising, "raising_at_labels": RaisingAtLabels}


@pytest.fixture(autouse=True, scope="module")
def short_terms_and_members_that_fail() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sidelines, "TERM", TERM)
        patch.setattr(lineup, "roles", few_networks_and_members_that_fail)
        yield


def few_networks_and_members_that_fail(scene: Scene) -> tuple[Role, ...]:
    own = roles(scene)
    left_out = [role for role in own if role.name.startswith("gru")][NETWORKS:]
    failing = [
        Role(name, ALL, lambda scene: 0.05, lambda scene, make=make: make(scene.target.width))  # type: ignore[misc]
        for name, make in SCRIPTED.items()
    ]
    return (*(role for role in own if role not in left_out), *failing)


def made(case: str, **more: object) -> Committee:
    values, schema = CASES[case]
    chosen = CommitteeSettings.model_validate({"classes": 4} | values | more)
    return Committee.of(chosen, seed=1, schema=schema, label_horizon=LABEL_HORIZON)


def again(committee: Committee) -> Committee:
    """Put aside and taken up again."""
    return Committee.restore(committee.snapshot(), label_horizon=LABEL_HORIZON)


def stream(case: str, seed: int = 0) -> tuple[Floats, Floats]:
    """Rows with gaps and more and more categories, and targets of the task, some of them missing."""
    values, schema = CASES[case]
    rng = np.random.default_rng(seed)
    age = np.arange(LENGTH) / LENGTH
    xs = rng.normal(3, 2, (LENGTH, 3)).astype(np.float32)
    xs[:, 1] = rng.integers(0, 1 + (3 * age).astype(int))
    targets = {
        "binary": rng.integers(0, 2, LENGTH),
        "multiclass": 5 + rng.integers(0, 1 + (4 * age).astype(int)),
    }.get(str(values["task"]), rng.normal(10, 3, LENGTH))
    ys = np.where(rng.random(LENGTH) < 0.2, np.nan, targets).astype(np.float32)
    if values["task"] == "next":
        return rng.integers(0, 1 + (5 * age).astype(int))[:, None].astype(np.float32), ys
    if schema is not PLAIN:
        xs[rng.random((LENGTH, 3)) < 0.1] = np.nan
    return xs[:, : max(len(schema.columns), 1)].copy(), ys


def told(committee: Committee, xs: Floats, ys: Floats) -> bytes:
    return committee.step_many(xs, ys).tobytes()


@cases
@quick
@given(seed=seeds, cuts=st.lists(st.integers(0, LENGTH), max_size=4))
def test_however_a_stream_is_cut_and_put_aside_predictions_and_state_have_the_same_bits(
    case: str, seed: int, cuts: list[int]
) -> None:
    xs, ys = stream(case, seed)
    whole, parts = made(case), made(case)
    expected = told(whole, xs, ys)
    pieces = []
    for start, end in pairwise([0, *sorted(cuts), LENGTH]):
        pieces.append(told(parts, xs[start:end], ys[start:end]))
        before, parts = parts.state_hash(), again(parts)
        assert parts.state_hash() == before
    assert b"".join(pieces) == expected
    assert parts.state_hash() == whole.state_hash()
    assert parts.standings().members[-2].benched > 0


@pytest.mark.parametrize("case", ["binary table", "multiclass table", "forecast 1 and 3", "next", "next named"])
@pytest.mark.parametrize("at", [2 * TERM, 2 * TERM + 1, 2 * TERM + 2])
def test_features_that_come_after_a_term_are_no_part_of_the_state_that_is_kept_at_its_end(case: str, at: int) -> None:
    count = 2 * TERM + 4
    column = 0 if case.startswith("next") else 1
    xs, ys = (array[:count].copy() for array in stream(case))
    xs[np.isnan(xs)] = 0
    xs[:, column] = 0
    xs[at:, column] = np.arange(7, 7 + count - at)
    hashes = set()
    for cut in (0, at, at - 1):
        committee = made(case)
        committee.step_many(xs[:cut], ys[:cut])
        committee.step_many(xs[cut:], ys[cut:])
        hashes.add(committee.state_hash())
    assert len(hashes) == 1


@cases
def test_predicting_is_pure_and_tells_what_the_step_will(case: str) -> None:
    xs, ys = stream(case, 3)
    single, whole = made(case), made(case)
    for x, y, row in zip(xs, ys, whole.step_many(xs, ys), strict=True):
        before = single.state_hash()
        assert np.asarray(single.predict_one(x), np.float32).tobytes() == np.asarray(row).tobytes()
        assert single.state_hash() == before
        single.learn_one(x, y)
    assert single.state_hash() == whole.state_hash()


@cases
@quick
@given(seed=seeds, at=st.integers(0, LENGTH - 1))
def test_a_prediction_looks_at_no_target_that_is_not_known_by_then(case: str, seed: int, at: int) -> None:
    """With targets known h samples later, at none of the last h − 1."""
    xs, ys = stream(case, seed)
    horizon = CASES[case][0].get("horizons", (1,))[0]  # type: ignore[index]
    other_xs, other_ys = stream(case, seed + 100)
    other_xs[:at] = xs[:at]
    other_ys[: max(at + 1 - horizon, 0)] = ys[: max(at + 1 - horizon, 0)]
    here, there = made(case).step_many(xs, ys), made(case).step_many(np.where(case in AHEAD, other_xs, xs), other_ys)
    fixed = at if case in AHEAD else at + 1
    assert here[:fixed].tobytes() == there[:fixed].tobytes()
    assert here[fixed:].tobytes() != there[fixed:].tobytes() or at > LENGTH - 2 * horizon


@cases
def test_every_prediction_is_finite_and_as_wide_as_it_is_said_to_be(case: str) -> None:
    committee = made(case)
    rows = committee.step_many(*stream(case, 8))
    assert rows.shape == ((LENGTH,) if committee.prediction_width == 1 else (LENGTH, committee.prediction_width))
    assert np.isfinite(rows).all()
    assert committee.samples == LENGTH == committee.counters()["samples"]


def late_labels(case: str, seed: int) -> tuple[Floats, Floats, list[tuple[int, int]]]:
    """A stream, and which of its labels come after how many samples."""
    xs, ys = stream(case, seed)
    rng = np.random.default_rng(seed)
    arrivals = [(t + 1 + int(rng.integers(0, LABEL_HORIZON // 2)), t) for t in np.flatnonzero(~np.isnan(ys)).tolist()]
    return xs, ys, sorted(arrival for arrival in arrivals if rng.random() < 0.5)


@labelled
@quick
@given(seed=seeds, cuts=st.lists(st.integers(0, LENGTH), max_size=3))
def test_late_labels_one_by_one_or_together_between_any_blocks_leave_the_same_state(
    case: str, seed: int, cuts: list[int]
) -> None:
    xs, ys, arrivals = late_labels(case, seed)
    first = ys.copy()
    first[[t for _, t in arrivals]] = np.nan
    together, apart = made(case), made(case)
    moments = sorted({0, LENGTH, *(at for at, _ in arrivals if at <= LENGTH)})
    for start, end in pairwise(moments):
        expected = told(together, xs[start:end], first[start:end])
        pieces = []
        for one, other in pairwise([start, *sorted(cut for cut in cuts if start < cut < end), end]):
            pieces.append(told(apart, xs[one:other], first[one:other]))
            apart = again(apart) if other in cuts else apart
        assert b"".join(pieces) == expected
        numbers = np.array([t for at, t in arrivals if at == end], np.int64)
        together.label_many(numbers, ys[numbers])
        for number in numbers.tolist():
            apart.label(number, float(ys[number]))
    assert apart.state_hash() == together.state_hash()


@labelled
def test_a_label_is_learned_once_and_only_within_the_horizon(case: str) -> None:
    xs, ys = stream(case)
    known = ys[~np.isnan(ys)][0]
    ys = np.where(np.isnan(ys), known, ys).astype(np.float32)
    ys[[5, LENGTH - 7]] = np.nan
    committee = made(case)
    committee.step_many(xs, ys)
    before = committee.state_hash()
    wrong = {5: "label_late", -1: "label_late", LENGTH - 1: "label_unknown", LENGTH - 9: "label_unknown"}
    for number, reason in (wrong | {LENGTH: "label_unknown"}).items():
        with pytest.raises(SampleError) as refusal:
            committee.label(number, float(known))
        assert refusal.value.reason == reason
    with pytest.raises(SampleError, match="a target"):
        committee.label(LENGTH - 7, math.nan)
    committee.label_many(np.array([5, LENGTH, -1, LENGTH - 7]), np.array([known, known, known, np.nan], np.float32))
    assert committee.state_hash() == before
    twice = again(committee)
    twice.label_many(np.array([LENGTH - 7, LENGTH - 7]), np.array([known, known + 1], np.float32))
    committee.label(LENGTH - 7, float(known))
    assert twice.state_hash() == committee.state_hash() != before
    with pytest.raises(SampleError) as refusal:
        committee.label(LENGTH - 7, float(known))
    assert refusal.value.reason == "label_unknown"


@pytest.mark.parametrize("case", AHEAD)
def test_where_the_stream_tells_its_own_targets_nobody_else_does(case: str) -> None:
    xs, ys = stream(case)
    committee, silent = made(case), made(case)
    assert told(committee, xs, ys) == told(silent, xs, np.full_like(ys, np.nan))
    committee.label_many(np.arange(LENGTH), np.ones(LENGTH, np.float32))
    assert committee.state_hash() == silent.state_hash()
    with pytest.raises(SampleError) as refusal:
        committee.label(LENGTH - 1, 1.0)
    assert refusal.value.reason == "label_unknown"


@cases
def test_samples_that_are_refused_leave_no_trace(case: str) -> None:
    xs, ys = stream(case)
    committee = made(case)
    committee.step_many(xs[:30], ys[:30])
    before = committee.state_hash()
    infinite, narrow = xs[30:40].copy(), np.empty((10, 0), np.float32)
    infinite[7, 0] = np.inf
    for wrong in (infinite, narrow):
        with pytest.raises(SampleError):
            committee.step_many(wrong, ys[30:40])
    targets = ys[30:40].copy()
    targets[3] = np.inf
    if case not in AHEAD:
        with pytest.raises(SampleError):
            committee.step_many(xs[30:40], targets)
    with pytest.raises(SampleError):
        committee.predict_one(infinite[7])
    with pytest.raises(SampleError):
        committee.learn_one(infinite[7], None)
    assert committee.state_hash() == before


@cases
@pytest.mark.parametrize("extreme", [3e38, -3e38, 1e-45])
def test_what_it_says_stays_finite_after_extreme_numbers(case: str, extreme: float) -> None:
    xs, ys = stream(case)
    if CASES[case][0]["task"] == "next":
        pytest.skip("symbols have no size")
    xs[20:23, 0], xs[30, 0] = extreme, -extreme
    if CASES[case][0]["task"] == "regression":
        ys[22:24], ys[33] = extreme, -extreme
    committee = made(case)
    assert np.isfinite(committee.step_many(xs, ys)).all()
    assert np.isfinite(committee.step_many(*stream(case, 1))).all()
    assert not any(np.isinf(array).any() for array in committee.export().values() if array.dtype.kind == "f")


@cases
def test_the_state_is_bounded_however_many_labels_never_come(case: str) -> None:
    committee, sizes = made(case), []
    xs, ys = stream(case)
    for _ in range(6):
        committee.step_many(xs, np.full_like(ys, np.nan))
        arrays = committee.export()
        sizes.append(sum(array.nbytes for array in arrays.values()))
    assert max(sizes[3:]) <= 1.1 * sizes[2]
    assert not any(len(arrays[name]) for name in arrays if ".good.awaited." in name)  # once is enough


@pytest.mark.parametrize("values", [{"task": "forecast"}, {"task": "regression"}])
def test_a_target_that_is_known_late_is_learned_however_short_labels_are_waited_for(values: dict[str, object]) -> None:
    chosen = CommitteeSettings.model_validate(values | {"horizons": (9,), "members": ("prior",)})
    committee = Committee.of(chosen, label_horizon=1)
    rows = committee.step_many(np.full((20, 1), 7, np.float32), np.full(20, 7, np.float32))
    assert rows[-1, 0] == 7


def test_on_fair_coins_the_loss_is_that_of_chance() -> None:
    losses = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        xs, ys = (rng.integers(0, 2, shape).astype(np.float32) for shape in ((2000, 1), 2000))
        said = made("binary").step_many(xs, ys).astype(np.float64)
        losses.append(-np.log(np.where(ys == 1, said, 1 - said)).mean())
    assert math.log(2) - 0.01 < np.mean(losses) < math.log(2) + 0.02


def test_another_seed_gives_other_networks() -> None:
    xs, ys = stream("binary")
    hashes = set()
    for seed in (1, 1, 2):
        committee = Committee("binary", members=("gru_ring",), seed=seed)
        committee.step_many(xs, ys)
        hashes.add(committee.state_hash())
    assert len(hashes) == 2


def test_a_snapshot_is_a_copy() -> None:
    committee = made("binary")
    snapshot, before = committee.snapshot(), committee.state_hash()
    committee.step_many(*stream("binary"))
    restored = Committee.restore(snapshot, label_horizon=LABEL_HORIZON)
    assert restored.state_hash() == before != committee.state_hash()


@pytest.mark.parametrize("change", ["missing", "shape", "extra", "seed", "places"])
def test_a_snapshot_with_wrong_arrays_is_refused(change: str) -> None:
    committee = made("binary table")
    committee.step_many(*stream("binary table"))
    snapshot = committee.snapshot()
    if change == "missing":
        del snapshot.arrays["horizon0.members.prior.block.counts"]
    elif change == "shape":
        snapshot.arrays["horizon0.mixture.weights"] = np.zeros(7)
    elif change == "extra":
        snapshot.arrays["horizon0.members.oracle.weights"] = np.zeros(7)
    elif change == "seed":
        del snapshot.arrays["seed"]
    else:
        snapshot.arrays["inputs.places"] = snapshot.arrays["inputs.places"][:-3]
    with pytest.raises(IncompatibleError):
        Committee.restore(snapshot, label_horizon=LABEL_HORIZON)


def test_a_snapshot_of_other_settings_is_refused_by_name() -> None:
    snapshot = Committee("binary", members=("prior",)).snapshot()
    with pytest.raises(IncompatibleError, match=r"members prior \(here prior,markov\)"):
        Committee.restore(snapshot, settings=CommitteeSettings(members=("prior", "markov")))


@pytest.fixture
def networks_that_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """One prediction in a few is NaN instead, whichever way it is asked for."""

    def failing(self: RecurrentMember, predictions: Floats) -> Floats:
        told = said(self, predictions)
        told[(1e6 * told[:, 0]).astype(np.int64) % 13 == 0] = np.nan
        return told

    said = RecurrentMember.said
    monkeypatch.setattr(RecurrentMember, "said", failing)


@pytest.mark.usefixtures("networks_that_fail")
@pytest.mark.parametrize("case", ["binary", "binary table", "regression", "regression 3", "forecast 1 and 3"])
def test_networks_are_benched_as_other_members_are(case: str) -> None:
    committee = made(case)
    committee.step_many(*stream(case, 2))
    benched = {one.name: one.benched for one in committee.standings().members}
    assert max(count for name, count in benched.items() if name.startswith("gru"))
    test_however_a_stream_is_cut_and_put_aside_predictions_and_state_have_the_same_bits(case)
    test_predicting_is_pure_and_tells_what_the_step_will(case)
    if case not in AHEAD:
        test_late_labels_one_by_one_or_together_between_any_blocks_leave_the_same_state(case)
