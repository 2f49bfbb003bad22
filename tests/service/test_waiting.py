from hypothesis import given
from hypothesis import strategies as st

from streamer.client.feed import Plan
from streamer.service.waiting import TOGETHER_SECONDS, Waiting
from tests.service.world import Producer, World


@given(moves=st.lists(st.tuples(st.booleans(), st.integers(1, 9), st.floats(0, 2)), max_size=40))
def test_every_event_waits_from_when_it_came_to_when_it_was_taken(moves: list[tuple[bool, int, float]]) -> None:
    waiting, came, now = Waiting(), [], 0.0
    for puts, count, pause in moves:
        now += pause
        if puts:
            waiting.put(count, now)
            came += [now] * count
        else:
            count = min(count, len(came))
            told = [seconds for those, seconds in waiting.took(count, now) for _ in range(those)]
            assert len(told) == count
            assert all(abs(told[n] - (now - came[n])) <= 40 * TOGETHER_SECONDS for n in range(count))
            came = came[count:]
    assert abs(waiting.oldest_seconds(now) - (now - came[0] if came else 0)) <= 40 * TOGETHER_SECONDS


def test_many_small_messages_at_once_are_one_run() -> None:
    waiting = Waiting()
    for n in range(10_000):
        waiting.put(1, now=1.0 + n * 1e-9)
    assert list(waiting.took(10_000, now=2.0)) == [(10_000, 1.0)]


def test_the_record_says_how_far_the_learner_is_behind_its_producer() -> None:
    world = World(window=16)
    producer = Producer(world, plan=Plan("s", batch=4, samples=1000))
    for _ in range(25):  # until it has pinged
        world.turn(producer)
    record = world.record()
    assert record.lag == 1000 - record.next_sequence > 0
    assert record.credit is not None
    world.run(producer)
    producer.connection.send(producer.feed.bye() or ())
    record = world.record()
    assert (record.lag, record.credit, record.lag_seconds) == (None, None, 0.0)
    assert record.delays.buckets[-1] == ("+Inf", 1000)
    assert record.step_times.buckets[-1] == ("+Inf", 1000)
    assert record.checkpoint_seconds is not None
