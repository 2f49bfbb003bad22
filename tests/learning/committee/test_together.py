"""Networks that step side by side do what each would do alone."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.config.committee import CommitteeSettings
from streamer.learning.committee.recurrent import RecurrentMember, Variant
from streamer.learning.committee.together import Together
from streamer.samples import Floats

LENGTH = 40
VARIANTS = (Variant(), Variant(step_size=1e-3))


def members() -> list[RecurrentMember]:
    learner = CommitteeSettings().learner()
    return [RecurrentMember(variant, learner, width=1, seed=0, engine="auto", label_horizon=20) for variant in VARIANTS]


def stream(seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    ys = np.where(rng.random(LENGTH) < 0.3, np.nan, rng.integers(0, 2, LENGTH)).astype(np.float32)
    return rng.normal(size=(LENGTH, 1)).astype(np.float32), ys


def state(own: list[RecurrentMember]) -> list[dict[str, bytes]]:
    return [{name: array.tobytes() for name, array in member.export().items()} for member in own]


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 99), away=st.integers(0, 20), back=st.integers(0, 20), labels=st.lists(st.integers(0, 39)))
def test_together_is_each_alone_also_after_one_was_away_and_counts_otherwise(
    seed: int, away: int, back: int, labels: list[int]
) -> None:
    """The second one misses the samples in between, so it awaits other numbers than the first."""
    xs, ys = stream(seed)
    side_by_side, alone, together = members(), members(), Together()
    first, last = slice(0, away), slice(away + back, LENGTH)
    for part, count in ((first, 2), (slice(away, away + back), 1), (last, 2)):
        if part.start == part.stop:
            continue
        told = together.step([member.network for member in side_by_side[:count]], xs[part], ys[part])
        expected = [member.step_many(xs[part], ys[part])[:, 0] for member in alone[:count]]
        assert [own.tobytes() for own in told] == [own.tobytes() for own in expected]
    for number in labels:
        own = [number, number - back]
        together.label([member.network for member in side_by_side], own, np.ones(1, np.float32))
        for member, counted in zip(alone, own, strict=True):
            member.label_many(np.array([counted]), np.ones(1, np.float32))
    peeked = together.peek([member.network for member in side_by_side], xs[:1])
    assert [own.tobytes() for own in peeked] == [member.peek(xs[:1])[:, 0].tobytes() for member in alone]
    assert state(side_by_side) == state(alone)


def test_a_network_that_was_taken_back_steps_on_as_what_it_was() -> None:
    """Also to before it awaited anything."""
    xs, ys = stream(3)
    ys[:20] = np.nan_to_num(ys[:20])
    own, together = members(), Together()
    together.step([member.network for member in own], xs[:20], ys[:20])
    before = own[1].export()
    together.step([member.network for member in own], xs[20:], np.full(20, np.nan, np.float32))
    own[1].load(before)
    fresh = members()[1]
    fresh.load(before)
    assert state([own[1]]) == state([fresh])
    told = together.step([member.network for member in own], xs, ys)
    assert told[1].tobytes() == fresh.step_many(xs, ys)[:, 0].tobytes()
    assert state([own[1]]) == state([fresh])


def test_a_late_label_teaches_each_of_those_that_await_it() -> None:
    xs, _ = stream(1)
    own, together = members(), Together()
    together.step([member.network for member in own], xs, np.full(LENGTH, np.nan, np.float32))
    before = state(own)
    together.label([member.network for member in own], [30, 5], np.ones(1, np.float32))
    after = state(own)
    assert before[0]["parameters.U"] != after[0]["parameters.U"]
    assert before[1] == after[1]  # too late
