"""Feeds that are subscribed to, through a whole daemon: what is learned, and what is counted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.client.feed import Plan
from streamer.filesystem.memory import MemoryFileSystem
from streamer.samples import Block
from streamer.sources.bits import BitSource
from streamer.wire.frames import encode_block
from tests.service.late import LateBits
from tests.service.publishing import A, B, learned, link, say, say_all, settle
from tests.service.test_daemon import make_slow
from tests.service.world import Producer, World
from tests.wire.test_lossy import Feed, feeds

# What is learned, and what is counted


def test_samples_are_learned_in_the_order_in_which_they_come() -> None:
    world = World()
    say_all(world, *range(40))
    settle(world)
    assert link(world) == learned(*range(40))
    record = world.record()
    assert record.outcomes == {"learned": 40, "unlabelled": 0, "duplicate": 0, "rejected": 0}
    assert (record.mode, record.connected, record.next_sequence, record.missing) == ("best effort", True, 40, 0)


@settings(max_examples=50)
@given(feed=feeds(), turns=st.sets(st.integers(0, 150), max_size=20))
def test_the_counters_say_what_was_injected_and_everything_is_accounted_for(feed: Feed, turns: set[int]) -> None:
    world = World(window=10_000)
    for at, number in enumerate(feed.arrivals):
        say_all(world, number)
        if at in turns:
            world.turn()
    settle(world)
    record = world.record()
    late = record.rejected.get("late", 0)
    assert (record.missing - late, late, record.outcomes["duplicate"]) == (feed.lost, feed.reordered, feed.doubled)
    assert sum(record.outcomes.values()) == len(feed.arrivals)
    taken: list[int] = []
    highest = -1
    for number in feed.arrivals:
        if number > highest:
            taken, highest = [*taken, number], number
    assert link(world) == learned(*taken)


def test_frames_and_json_of_the_same_numbers_teach_the_same() -> None:
    texts, frames = World(window=1000), World(window=1000)
    block = BitSource(seed=3).read(100, 60)
    for number, x, y in zip(range(100, 160), block.inputs[:, 0].tolist(), block.targets.tolist(), strict=True):
        say(texts, n=number, x=x, y=None if np.isnan(y) else y)
    for cut in (block.head(25), block.since(120)):  # they overlap
        frames.subscription.publish(A, [b"s", *encode_block(0, cut)])
    settle(texts)
    settle(frames)
    assert texts.state_hash() == frames.state_hash()
    assert frames.record().outcomes["duplicate"] == 5


def test_samples_without_numbers_are_all_taken_and_nothing_can_be_told_of_them() -> None:
    world = World()
    for _ in range(3):
        say(world, x=1, y=1)
    say_all(world, 5, 9)
    say(world, x=1)
    settle(world)
    record = world.record()
    assert (record.outcomes["learned"], record.outcomes["unlabelled"], record.missing) == (5, 1, 3)


def test_a_topic_before_the_json_changes_nothing() -> None:
    world = World()
    world.subscription.publish(A, [b"sensors", b'{"stream": "s", "n": 0, "x": 0, "y": 0}'])
    settle(world)
    assert link(world) == learned(0)


def test_what_is_more_than_can_be_queued_is_dropped_and_counted_and_nobody_waits() -> None:
    world = World(window=16)
    say_all(world, *range(30))
    world.subscription.publish(A, [b"s", *encode_block(0, BitSource(seed=1).read(30, 10))])
    settle(world)
    say_all(world, 40)
    settle(world)
    record = world.record()
    assert record.rejected == {"overrun": 24}
    assert (record.outcomes["learned"], record.missing) == (17, 0)
    assert link(world) == learned(*range(16), 40)


def test_a_block_that_does_not_fit_is_taken_as_far_as_it_does() -> None:
    world = World(window=16)
    world.subscription.publish(A, [b"s", *encode_block(0, BitSource(seed=1).read(0, 20))])
    settle(world)
    assert world.record().next_sequence == 16
    assert world.record().rejected == {"overrun": 4}


def test_a_publisher_that_is_restarted_is_learned_from_again() -> None:
    world = World(window=10_000)
    say_all(world, *range(500))
    say_all(world, *range(100))
    settle(world)
    record = world.record()
    assert (record.outcomes["learned"], record.rejected, record.missing) == (593, {"stale": 7}, 0)


def test_a_sample_that_the_learner_cannot_take_is_rejected_and_its_number_is_not_missing() -> None:
    world = World()
    say(world, n=0, x=1, y=0.5)
    say(world, n=1, x=1, y=1)
    settle(world)
    assert world.record().rejected == {"target": 1}
    assert world.record().missing == 0


# Labels


def test_a_label_that_comes_late_is_scored_with_the_prediction_of_its_sample() -> None:
    world = World()
    say_all(world, 3)
    for number in (10, 12, 13):
        say(world, n=number, x=1)
    say(world, label=12, y=1)
    say(world, n=14, x=1)
    say(world, label=14, y=0)
    settle(world)
    record = world.record()
    assert (record.outcomes["learned"], record.outcomes["unlabelled"], record.predictions) == (3, 4, 3)
    assert world.loop.streams.existing("s").awaited[record.epoch or ""].count(record.next_sequence) == 2


@pytest.mark.parametrize("label", [9, 11, 13, 14, 10**6])
def test_a_label_of_what_was_never_taken_is_rejected(label: int) -> None:
    world = World()
    for number in (10, 12, 13):
        say(world, n=number, x=1, y=None if number < 13 else 1)
    say(world, label=label, y=1, n=14)
    settle(world)
    assert world.record().rejected == {"label_unknown": 1}


def test_labels_in_frames_mean_the_feeds_own_numbers() -> None:
    reliable, feed = World(window=1000), World(window=1000)
    reliable.run(Producer(reliable, LateBits(), Plan("s", batch=7, samples=200)))
    whole = LateBits().read(0, 200)
    assert whole.of is not None
    moved = Block(5000, whole.inputs, whole.targets, np.where(whole.of < 0, whole.of, whole.of + 5000))
    for first in range(5000, 5200, 9):
        feed.subscription.publish(A, [b"s", *encode_block(0, moved.since(first).head(9))])
    settle(feed)
    assert link(feed) == link(reliable)
    assert feed.record().outcomes == reliable.record().outcomes
    assert feed.record().rejected == reliable.record().rejected


# After a crash


@pytest.mark.parametrize("polite", [True, False], ids=["stopped", "killed"])
def test_after_a_restart_the_numbers_go_on_and_what_was_published_meanwhile_is_missing(polite: bool) -> None:
    world = World()
    say_all(world, *range(10), *range(12, 20))
    settle(world)
    if polite:
        world.daemon.finish()
    else:
        world.clock.advance(1)
        settle(world)  # a checkpoint is due
    world.kill()
    assert world.record().mode == "best effort"
    assert not world.record().connected
    say_all(world, 19, 11, 30, 31)
    settle(world)
    record = world.record()
    assert (record.missing, record.outcomes["duplicate"], record.rejected) == (10, 1, {"late": 1})
    assert link(world) == learned(*range(10), *range(12, 20), 30, 31)


def test_what_was_queued_and_not_learned_when_the_daemon_died_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(window=1000, interval_seconds=1e9)
    make_slow(monkeypatch, world, 0.001)
    say_all(world, *range(100))
    world.turn()
    told = world.record().next_sequence
    assert 0 < told < 100
    world.daemon.finish()
    monkeypatch.undo()
    world.kill()
    say_all(world, 100)
    settle(world)
    assert world.record().missing == 100 - told


def test_a_label_finds_its_sample_across_a_restart() -> None:
    world = World()
    say_all(world, 5)
    say(world, n=9, x=1)
    say(world, n=11, x=1)
    settle(world)
    world.daemon.finish()
    world.kill()
    say(world, label=9, y=1)
    settle(world)
    assert world.record().outcomes["learned"] == 1
    assert world.record().rejected == {}


@settings(max_examples=20)
@given(kills=st.sets(st.integers(1, 99), max_size=8))
def test_however_often_it_is_killed_what_is_learned_is_what_came_and_the_rest_is_missing(kills: set[int]) -> None:
    world = World(interval_seconds=0.3)
    taken: list[int] = []
    lost = 0
    for number in range(0, 200, 2):
        if number // 2 in kills:
            world.kill()
            stream = next(iter(world.loop.streams), None)
            taken = taken[: stream.cursor(stream.epoch or "") if stream is not None else 0]
            lost = number - taken[-1] - 1 if taken else 0
        say_all(world, number, number + 1)
        taken += [number, number + 1]
        world.turn()
    settle(world)
    assert link(world) == learned(*taken)
    assert world.record().missing == lost


# What a person is told


class Notebook:
    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, object]]] = []

    def note(self, event: str, **facts: object) -> None:
        self.lines.append((event, facts))

    warn = note


def test_the_log_tells_of_a_feed_that_joins_loses_floods_and_begins_anew() -> None:
    world = World(window=16)
    notebook = Notebook()
    world.loop.subscriber._observer = notebook
    for numbers in ([0, 1], [5], range(6, 100), range(8)):
        say_all(world, *numbers)
        settle(world)
    world.subscription.publish(A, [b"?"])
    settle(world)
    told = dict(notebook.lines)  # a line a sort; the log holds repeats back
    assert list(told) == [
        "feed joined",
        "samples of a feed are missing",
        "feed faster than the learner",
        "feed begun anew",
        "publication refused",
    ]
    assert told["samples of a feed are missing"] == {"stream": "s", "before": 5}
    assert told["feed begun anew"] == {"stream": "s", "at": 7}
    assert (told["publication refused"]["reason"], told["publication refused"]["path"]) == ("json", A)


# Strangers

HOSTILE: list[tuple[str, list[bytes]]] = [
    ("json", [b"\xff\xfe"]),
    ("json", [b'{"stream": "s", "x": NaN}']),
    ("json", [b'{"stream": "s", "z": ' + b"[" * 8000]),
    ("size", [b'{"stream": "s", "x": 1, "z": "' + b"z" * 100_000 + b'"}']),
    ("fields", [b'{"stream": "../../etc/passwd", "x": 1}']),
    ("fields", [b'{"stream": "s/t", "x": 1}']),
    ("fields", [b'{"stream": ".", "x": 1}']),
    ("inputs", [b'{"stream": "t", "x": [1, 2, 3]}']),
    ("topic", [b"../s", *encode_block(0, BitSource(seed=1).read(0, 5))]),
    ("checksum", [b"s", b"\0" * 9]),
    ("parts", [b"s"] * 4),
    ("parts", []),
]


def test_what_strangers_say_is_refused_and_counted_and_a_good_feed_is_served() -> None:
    files = MemoryFileSystem()
    world = World(files)
    for number, (_, parts) in enumerate(HOSTILE):
        world.subscription.publish(B, parts)
        say_all(world, number)
    settle(world)
    world.daemon.finish()
    expected = {reason: sum(reason == each for each, _ in HOSTILE) for reason, _ in HOSTILE}
    assert world.board.record.refused_publications == expected
    assert link(world) == learned(*range(len(HOSTILE)))
    assert [stream.name for stream in world.loop.streams] == ["s"]
    assert files.names("checkpoints") == ["s"]


@given(messages=st.lists(st.lists(st.binary(max_size=40), max_size=4), max_size=20))
def test_no_bytes_stop_the_daemon(messages: list[list[bytes]]) -> None:
    world = World()
    for message in messages:
        world.subscription.publish(A, message)
    say_all(world, 1)
    settle(world)
    assert link(world) == learned(1)
    assert world.loop.subscriber.refused.total() == len(messages)


def test_a_number_far_ahead_costs_a_few_samples_and_no_stall() -> None:
    world = World(window=1000)
    say_all(world, 0, 2**62, *range(1, 100))
    settle(world)
    assert link(world) == learned(0, 2**62, *range(8, 100))
    world.daemon.finish()
    world.kill()
    say_all(world, 100)
    settle(world)
    assert world.record().missing == 0
