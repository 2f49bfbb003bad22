"""Every sample that arrives is accounted for, whatever is wrong with it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streamer.client.feed import Plan
from streamer.samples import Block, Floats
from streamer.service.observer import Unobserved
from streamer.service.screening import screen
from streamer.sources.arrays import ArraySource
from tests.service.world import HashChain, Producer, World

ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0, -3.5, np.nan, np.inf]), st.sampled_from([0.0, 1.0, np.nan, np.inf, 0.5])),
    min_size=1,
    max_size=60,
)


@given(ROWS, st.integers(1, 20))
def test_received_is_learned_and_unlabelled_and_rejected(rows: list[tuple[float, float]], batch: int) -> None:
    world = World()
    xs, ys = np.array([[x] for x, _ in rows], np.float32), np.array([y for _, y in rows], np.float32)
    world.run(Producer(world, ArraySource(xs, ys), Plan("s", batch=batch)))
    record = world.record()
    finite = np.isfinite(xs[:, 0])
    assert sum(record.outcomes.values()) == record.next_sequence == len(rows)
    assert record.outcomes["learned"] == int((finite & np.isin(ys, [0, 1])).sum()) == record.predictions
    assert record.outcomes["unlabelled"] == int((finite & np.isnan(ys)).sum())
    assert record.rejected.get("not_finite", 0) == int((~finite).sum())
    assert record.samples == record.outcomes["learned"] + record.outcomes["unlabelled"]


@given(ROWS)
def test_rejected_samples_leave_no_trace_in_the_learner(rows: list[tuple[float, float]]) -> None:
    xs, ys = np.array([[x] for x, _ in rows], np.float32), np.array([y for _, y in rows], np.float32)
    screened = screen(Block(0, xs, ys), HashChain().admits)
    assert len(screened.ys) + sum(screened.rejected.values()) == len(rows)
    whole, filtered = HashChain(), HashChain()
    whole.step_many(screened.xs, screened.ys)
    for x, y in zip(xs, ys, strict=True):
        if np.isfinite(x).all() and (np.isnan(y) or y in (0, 1)):
            filtered.step_many(x[None], y[None])
    assert whole.link == filtered.link


def test_counters_begin_at_nothing_after_a_restart_and_lifetime_samples_go_on() -> None:
    world = World()
    producer = Producer(world)
    world.run(producer)
    world.kill()
    record = world.record()
    assert sum(record.outcomes.values()) == record.predictions == record.correct == 0
    assert record.samples == record.scores.labelled == 300


def test_samples_sent_twice_are_counted_as_duplicates() -> None:
    world = World(window=1000)
    producer = Producer(world)
    world.turn(producer)
    producer.send()
    world.listener.inbox.extend(list(world.listener.inbox)[-2:])
    world.run(producer)
    assert world.record().outcomes["duplicate"] == 13  # the last two messages: 7 samples and the 6 of the end


class Stumbling(HashChain):
    """Skips an update now and then."""

    skipped = 0

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        self.skipped += self.samples == 0
        return super().step_many(xs, ys)

    def counters(self) -> dict[str, int]:
        return super().counters() | {"skipped_updates": self.skipped}

    def insight(self) -> None:
        return None


class Listening(Unobserved):
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, event: str, **facts: object) -> None:
        self.warnings.append(event)


def test_an_update_that_is_not_applied_is_counted_and_told() -> None:
    world, observer = World(), Listening()
    world.loop._observer = observer
    producer = Producer(world)
    world.turn(producer)
    world.loop.streams.existing("s").predictor = Stumbling()
    world.run(producer)
    assert observer.warnings.count("update not finite, not applied") == 1
    assert world.record().skipped_updates == 1
