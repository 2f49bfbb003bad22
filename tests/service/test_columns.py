"""Streams of named columns through a whole daemon: known by name, in whatever order a log has them."""

from dataclasses import dataclass, replace

import numpy as np

from streamer.app.predictors import LearnerFactory
from streamer.checkpoints.revision import begun_anew
from streamer.client.feed import Plan
from streamer.columns import Column, Schema
from streamer.config.settings import LearnerSection
from streamer.samples import A_SAMPLE, Block, Floats
from tests.service.world import Producer, World

SMALL = LearnerSection(hidden=4, truncation=3, engine="fused")
A, B, C = Column("a"), Column("b"), Column("c")


@dataclass(frozen=True)
class Table:
    """Rows of named columns."""

    schema: Schema
    xs: Floats
    ys: Floats
    epoch: str = "ab" * 8

    @property
    def inputs(self) -> int:
        return int(self.xs.shape[1])

    @property
    def length(self) -> int:
        return len(self.ys)

    def read(self, first: int, count: int) -> Block:
        return Block(0, self.xs, self.ys).since(first).head(count)


def table(*columns: Column, epoch: str = "ab" * 8, rows: int = 40) -> Table:
    """The same numbers under the same names, whatever their order."""
    rng = np.random.default_rng(3)
    values = {name: rng.standard_normal(rows).astype(np.float32) for name in "abc"}
    values["a"][::7] = np.nan
    ys = (values["b"] > 0).astype(np.float32)
    return Table(Schema(columns), np.column_stack([values[column.name] for column in columns]), ys, epoch)


def world() -> World:
    return World(predictors=LearnerFactory(SMALL, 0, label_horizon=32), window=256)


def learn(daemon: World, source: Table) -> Producer:
    producer = Producer(daemon, source, Plan("s", batch=7))
    daemon.run(producer)
    return producer


def learner_state(daemon: World) -> dict[str, bytes]:
    arrays = daemon.loop.streams.existing("s").predictor.export()
    return {name: array.tobytes() for name, array in arrays.items() if not name.startswith("inputs")}


def test_a_log_whose_columns_have_another_order_teaches_the_same() -> None:
    one, other = world(), world()
    for daemon, second in ((one, table(A, B, epoch="cd" * 8)), (other, table(B, A, epoch="cd" * 8))):
        learn(daemon, table(A, B))
        learn(daemon, second)
    assert learner_state(one) == learner_state(other)


def test_a_later_log_may_have_more_columns_or_fewer() -> None:
    daemon = world()
    learn(daemon, table(A, B))
    learn(daemon, table(B, C, epoch="cd" * 8))
    learn(daemon, table(A, epoch="ef" * 8))
    record = daemon.record()
    assert [column["name"] for column in record.columns] == ["a", "b", "c"]
    assert (record.outcomes["learned"], record.rejected) == (120, {})


def test_a_missing_value_is_learned_from_and_an_infinite_one_is_rejected() -> None:
    daemon, source = world(), table(A, B)
    source.xs[5, 1] = np.inf
    learn(daemon, source)
    assert daemon.record().rejected == {"not_finite": 1}
    assert daemon.record().outcomes["learned"] == 39


def test_a_daemon_that_loses_power_goes_on_with_its_columns_and_statistics() -> None:
    undisturbed, killed = world(), world()
    learn(undisturbed, table(A, B))
    producer = Producer(killed, table(A, B), Plan("s", batch=7))
    for _ in range(6):
        killed.turn(producer)
    killed.kill()
    killed.run(producer)
    assert killed.state_hash() == undisturbed.state_hash()


def test_rows_without_names_are_not_taken_for_columns() -> None:
    daemon = world()
    learn(daemon, table(A, B))
    nameless = Table(Schema(), np.zeros((5, 2), np.float32), np.zeros(5, np.float32), epoch="cd" * 8)
    producer = Producer(daemon, nameless, Plan("s", batch=7))
    producer.send()
    daemon.daemon.turn()
    assert daemon.record().samples == 40
    assert daemon.loop.reception.refused_sessions == {"columns": 1}


def test_a_label_that_does_not_come_in_time_is_taken_to_be_the_default() -> None:
    daemon, other = (World(label_horizon=4, default_label=0.0, window=256) for _ in range(2))
    block = Block(0, np.zeros((12, 1), np.float32), np.full(12, np.nan, np.float32), np.full(12, A_SAMPLE))
    block.of[3], block.targets[3] = 1, 1.0  # type: ignore[index]
    for one, cuts in ((daemon, [12]), (other, [1, 5, 6, 12])):
        stream = one.loop.streams.open("s")
        first = 0
        for end in cuts:
            stream.accept("ab" * 8, block.since(first).head(end - first), 0.0)
            stream.learn(end - first)
            first = end
        assert stream.accounts.learned == 1
        assert stream.accounts.defaulted == 5  # samples 0, 2, 4, 5 and 6; event 3 is a label, 1 has had its own
    assert daemon.loop.streams.existing("s").state_hash() == other.loop.streams.existing("s").state_hash()


def test_a_stream_that_was_reset_on_disk_begins_anew_with_its_producers_columns() -> None:
    daemon = world()
    learn(daemon, table(A, B))
    newest = daemon.store.find("s").valid[0]
    for serial in (newest.serial + 1, newest.serial + 2):
        daemon.store.save(replace(begun_anew(newest), serial=serial))
    daemon.kill()
    learn(daemon, table(B, C, epoch="cd" * 8))
    record = daemon.record()
    assert (record.samples, record.outcomes["learned"]) == (40, 40)
    assert [column["name"] for column in record.columns] == ["b", "c"]


def test_a_feed_of_nameless_rows_is_not_taken_for_a_stream_of_columns() -> None:
    daemon = world()
    learn(daemon, table(A, B))
    daemon.clock.advance(60)
    daemon.subscription.publish("tcp://feed", [b'{"stream": "s", "x": 0.5, "y": 1}'])
    daemon.daemon.turn()
    assert daemon.loop.subscriber.refused == {"columns": 1}
    assert daemon.record().samples == 40


def test_a_label_after_a_reset_is_for_no_sample_of_the_new_learner() -> None:
    daemon = World(window=256)
    stream = daemon.loop.streams.open("s")
    block = Block(0, np.zeros((6, 1), np.float32), np.full(6, np.nan, np.float32), np.full(6, A_SAMPLE))
    block.of[5], block.targets[5] = 1, 1.0  # type: ignore[index]
    stream.accept("ab" * 8, block, 0.0)
    stream.learn(3)
    daemon.loop.streams.reset(stream)
    stream.learn(3)  # two samples of the new learner, the second its number 1, then the label of event 1
    assert stream.accounts.rejected == {"label_unknown": 1}
