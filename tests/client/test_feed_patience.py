"""What a feed does when it must wait: refusals, silence, idleness, a set rate, a connection that takes nothing."""

import pytest

from streamer.client.feed import HELLO_SECONDS, PING_SECONDS, SILENCE_SECONDS, Feed, Phase, Plan
from streamer.client.log import ReplayLog
from streamer.errors import StoppedError
from streamer.sources.bits import BitSource
from streamer.wire.frames import decode
from streamer.wire.messages import NO_SESSION, Data, Hello, Message, Ping, Progress, Refused, Welcome

FAR = 10**6


def welcomed(*, limit: int = FAR, rate: float | None = None, samples: int | None = None) -> Feed:
    feed = Feed(ReplayLog(BitSource(seed=4), samples), Plan("s", batch=10, rate=rate), incarnation=9)
    sent(feed, 0.0)
    feed.receive(Welcome(5, 0, limit, 0), b"", 0.0)
    return feed


def sent(feed: Feed, now: float) -> list[Message]:
    return [decode(frame)[0] for frame in feed.due(now)]


def kinds(messages: list[Message]) -> list[type[Message]]:
    return [type(message) for message in messages]


def samples_in(messages: list[Message]) -> int:
    return sum(message.count for message in messages if isinstance(message, Data))


def test_a_refusal_for_good_stops_and_says_why() -> None:
    feed = Feed(ReplayLog(BitSource()), Plan("s"), incarnation=9)
    sent(feed, 0.0)
    with pytest.raises(StoppedError) as caught:
        feed.receive(Refused(NO_SESSION, "inputs", "the stream has 3 inputs", False), b"", 0.1)
    assert "inputs" in str(caught.value)
    assert "the stream has 3 inputs" in str(caught.value)


def test_a_refusal_for_good_of_a_running_session_stops_too() -> None:
    with pytest.raises(StoppedError):
        welcomed().receive(Refused(5, "fenced", "another producer took over", False), b"", 0.1)


def test_a_refusal_that_may_pass_is_waited_out_and_forgotten_once_welcomed() -> None:
    feed = Feed(ReplayLog(BitSource()), Plan("s"), incarnation=9)
    sent(feed, 0.0)
    feed.receive(Refused(NO_SESSION, "held", "another producer has it", True), b"", 0.1)
    assert (feed.refusal and feed.refusal.reason, feed.phase) == ("held", Phase.GREETING)
    assert [kinds(sent(feed, now)) for now in (0.2, 0.9, 1.0, 1.5)] == [[], [], [Hello], []]
    feed.receive(Welcome(5, 0, 10, 0), b"", 1.6)
    assert [feed.refusal, feed.phase] == [None, Phase.SENDING]


def test_an_idle_feed_says_each_second_that_it_is_there() -> None:
    feed = welcomed(limit=10)
    assert kinds(sent(feed, 0.0)) == [Data]
    heard = []
    for quarter in range(1, 17):
        feed.receive(Progress(5, 0, 0, 10, 0), b"", quarter / 4)
        heard.append(sent(feed, quarter / 4))
    assert [message for messages in heard for message in messages] == [Ping(5, 10, 0)] * 4
    assert [n for n, messages in enumerate(heard, 1) if messages] == [4, 8, 12, 16]


def test_a_feed_that_sends_samples_pings_each_second_too_for_its_log_may_grow_faster() -> None:
    feed = welcomed(limit=10)
    sent(feed, 0.0)
    feed.receive(Progress(5, 0, 0, 20, 0), b"", 0.9)
    assert kinds(sent(feed, 0.9)) == [Data]
    assert kinds(sent(feed, PING_SECONDS)) == [Ping]
    assert sent(feed, PING_SECONDS + 0.9) == []


def test_a_silent_daemon_is_greeted_anew() -> None:
    feed = welcomed(limit=10)
    sent(feed, 0.0)
    assert Hello not in kinds(sent(feed, SILENCE_SECONDS))
    sent(feed, SILENCE_SECONDS + 0.1)
    assert feed.phase is Phase.GREETING
    assert kinds(sent(feed, SILENCE_SECONDS + 0.1 + HELLO_SECONDS)) == [Hello]
    assert feed.bye() is None


def test_any_word_of_the_session_breaks_the_silence() -> None:
    feed = welcomed(limit=10)
    for now in range(1, 20):
        feed.receive(Progress(5, 0, 0, 10, 0), b"", float(now))
        assert Hello not in kinds(sent(feed, now + 0.5))
    assert feed.phase is Phase.SENDING


@pytest.mark.parametrize("rate", [20.0, 100.0, 1234.5])
def test_a_set_rate_is_kept_to_and_never_exceeded(rate: float) -> None:
    feed, total = welcomed(rate=rate), 0
    for turn in range(1, 401):
        now = turn / 100
        feed.receive(Progress(5, total, 0, FAR, 0), b"", now)
        total += samples_in(sent(feed, now))
        assert rate * now - 10 - rate / 100 < total <= rate * now, now


def test_a_feed_without_a_rate_sends_all_that_it_may_at_once() -> None:
    assert samples_in(sent(welcomed(limit=500), 0.0)) == 500


def test_the_time_to_wait_is_when_the_next_batch_of_a_set_rate_is_due() -> None:
    feed = welcomed(rate=20.0)
    assert samples_in(sent(feed, 0.1)) == 0
    wait = feed.wait_seconds(0.1)
    assert wait == pytest.approx(0.4)
    assert samples_in(sent(feed, 0.1 + wait + 1e-9)) == 10


def test_the_time_to_wait_is_never_longer_than_to_the_next_hello_or_ping_and_never_negative() -> None:
    greeting = Feed(ReplayLog(BitSource()), Plan("s"), incarnation=9)
    assert greeting.wait_seconds(0.0) == 0
    sent(greeting, 0.0)
    assert greeting.wait_seconds(0.25) == pytest.approx(HELLO_SECONDS - 0.25)
    assert welcomed(rate=0.1).wait_seconds(99.0) == 0


def test_a_frame_that_was_not_taken_is_offered_again() -> None:
    feed = welcomed(limit=30)
    refused = next(feed.due(0.1))
    again = list(feed.due(0.2))
    assert again[0] == refused
    assert samples_in([decode(frame)[0] for frame in again]) == 30


def test_a_connection_that_takes_every_other_frame_gets_each_sample_once_and_in_order() -> None:
    feed, taken, asked = welcomed(limit=FAR, samples=200), [], 0
    for turn in range(60):
        for frame in feed.due(turn / 100):
            asked += 1
            if asked % 2:
                break
            message = decode(frame)[0]
            if isinstance(message, Data):
                taken.append(message.first)
    assert taken == list(range(0, 200, 10))


def test_a_hello_that_was_not_taken_is_offered_again_at_once() -> None:
    feed = Feed(ReplayLog(BitSource()), Plan("s"), incarnation=9)
    first = next(feed.due(0.0))
    assert next(feed.due(0.01)) == first


def test_a_ping_that_was_not_taken_is_offered_again_at_once() -> None:
    feed = welcomed(limit=10)
    sent(feed, 0.0)
    first = next(feed.due(PING_SECONDS))
    assert decode(first)[0] == decode(next(feed.due(PING_SECONDS + 0.01)))[0] == Ping(5, 10, 0)
