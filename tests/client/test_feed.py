"""Sessions of a feed: greeting, sending within the limit, going back, and starting anew. Time is made up."""

from collections.abc import Sequence

import numpy as np
import pytest

from streamer.client.feed import HELLO_SECONDS, SILENCE_SECONDS, Feed, Phase, Plan
from streamer.client.log import ReplayLog
from streamer.errors import SettingsError
from streamer.samples import Block
from streamer.sources.arrays import ArraySource
from streamer.sources.bits import BitSource
from streamer.sources.source import Source
from streamer.wire.blocks import block_of
from streamer.wire.frames import decode
from streamer.wire.messages import (
    ENDLESS,
    NO_SESSION,
    Data,
    Flush,
    Hello,
    HelloAgain,
    Message,
    Progress,
    Refused,
    Resend,
    Welcome,
)

FAR = 10**6


def feed_of(source: Source | None = None, *, batch: int = 10, samples: int | None = None) -> Feed:
    return Feed(ReplayLog(source or BitSource(seed=4), samples), Plan("s", batch=batch), incarnation=9)


def welcomed(*, start: int = 0, limit: int = FAR, batch: int = 10, samples: int | None = None) -> Feed:
    """A feed that has said hello at time 0 and was welcomed as session 5 at once."""
    feed = feed_of(batch=batch, samples=samples)
    sent(feed, 0.0)
    feed.receive(Welcome(5, start, limit, 0), b"", 0.0)
    return feed


def sent(feed: Feed, now: float, *, at_most: int = 100) -> list[Message]:
    """The messages of the frames that are due; the last of `at_most` is asked for and taken."""
    messages = []
    for frame in feed.due(now):
        messages.append(decode(frame)[0])
        if len(messages) > at_most:
            break
    return messages


def blocks(messages: Sequence[Message]) -> list[tuple[int, int]]:
    """Where each block begins and how long it is."""
    return [(message.first, message.count) for message in messages if isinstance(message, Data)]


@pytest.mark.parametrize("stream", ["", "a/b", ".a", "x" * 65, "a\n"])
def test_a_stream_that_the_daemon_would_refuse_is_refused_before_anything_is_sent(stream: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Plan(stream)
    assert [fault.setting for fault in caught.value.faults] == ["stream"]


def test_the_first_message_is_a_hello_that_says_what_there_is_to_send() -> None:
    source = ArraySource(np.zeros((7, 3)), np.zeros(7))
    assert sent(feed_of(source), 0.0) == [Hello(NO_SESSION, "s", 3, source.epoch, 0, 7, 0, 9, False, 0)]
    [hello] = sent(feed_of(), 0.0)
    assert isinstance(hello, Hello)
    assert hello.next == ENDLESS


def test_the_hello_is_said_again_each_second_until_it_is_welcomed() -> None:
    feed = feed_of()
    heard = {now: [type(message) for message in sent(feed, now)] for now in (0.0, 0.5, 0.99, 1.0, 1.5, 2.0, 9.0)}
    assert heard == {0.0: [Hello], 0.5: [], 0.99: [], 1.0: [Hello], 1.5: [], 2.0: [Hello], 9.0: [Hello]}
    feed.receive(Welcome(5, 0, 10, 0), b"", 9.1)
    assert feed.phase is Phase.SENDING
    assert Hello not in map(type, sent(feed, 10.1))


def test_nothing_but_hellos_is_sent_before_the_welcome() -> None:
    feed = feed_of()
    for message in (Progress(NO_SESSION, 0, 0, FAR, 0), Resend(NO_SESSION, 3), Progress(5, 0, 0, FAR, 0)):
        feed.receive(message, b"", 0.1)
        assert blocks(sent(feed, 0.2)) == []
    assert feed.bye() is None


def test_the_samples_sent_are_those_of_the_source_under_the_sessions_id() -> None:
    feed = welcomed(limit=30)
    frames = list(feed.due(0.1))
    messages = [decode(frame) for frame in frames]
    assert {message.session for message, _ in messages} == {5}
    received = [block_of(message, payload) for message, payload in messages if isinstance(message, Data)]
    expected: Block = BitSource(seed=4).read(0, 30)
    assert np.concatenate([block.inputs for block in received]).tolist() == expected.inputs.tolist()
    assert np.concatenate([block.targets for block in received]).tolist() == expected.targets.tolist()


def test_it_sends_whole_batches_and_never_a_number_at_or_above_the_limit() -> None:
    feed = welcomed(limit=35)
    assert blocks(sent(feed, 0.1)) == [(0, 10), (10, 10), (20, 10)]
    assert blocks(sent(feed, 0.2)) == []
    feed.receive(Progress(5, 10, 0, 45, 0), b"", 0.3)
    assert blocks(sent(feed, 0.3)) == [(30, 10)]


def test_a_credit_smaller_than_a_batch_is_used_when_no_more_is_to_come() -> None:
    feed = welcomed(limit=4)
    assert blocks(sent(feed, 0.1)) == [(0, 4)]
    feed.receive(Progress(5, 4, 0, 8, 0), b"", 0.2)
    assert blocks(sent(feed, 0.2)) == [(4, 4)]


def test_a_producer_with_a_small_credit_is_never_stuck() -> None:
    feed, sent_up_to = welcomed(limit=7, samples=100), 0
    for turn in range(100):
        for first, count in blocks(sent(feed, turn / 100)):
            assert first == sent_up_to
            sent_up_to += count
        feed.receive(Progress(5, sent_up_to, 0, sent_up_to + 7, 0), b"", turn / 100)
    assert sent_up_to == 100


def test_it_resumes_where_the_welcome_says() -> None:
    feed = welcomed(start=123, limit=150)
    feed.receive(Progress(5, 123, 100, 150, 0), b"", 0.05)
    assert blocks(sent(feed, 0.1)) == [(123, 10), (133, 10)]
    assert feed.started_from == 123


def test_the_second_answer_to_a_hello_said_twice_does_not_send_everything_again() -> None:
    feed = welcomed(limit=30)
    sent(feed, 0.1)
    feed.receive(Welcome(5, 0, 30, 0), b"", 0.2)
    assert blocks(sent(feed, 0.2)) == []


def test_a_resend_moves_back_and_only_to_where_it_says() -> None:
    feed = welcomed(limit=30)
    sent(feed, 0.1)
    feed.receive(Resend(5, 12), b"", 0.2)
    assert blocks(sent(feed, 0.2))[0] == (12, 10)


def test_the_last_block_is_as_long_as_what_is_left() -> None:
    assert blocks(sent(welcomed(samples=25), 0.1)) == [(0, 10), (10, 10), (20, 5)]


def test_a_source_that_ends_before_the_plan_does_is_not_read_past_its_end() -> None:
    feed = feed_of(ArraySource(np.zeros((7, 1)), np.zeros(7)), samples=100)
    sent(feed, 0.0)
    feed.receive(Welcome(5, 0, FAR, 0), b"", 0.0)
    assert blocks(sent(feed, 0.1)) == [(0, 7)]


def test_it_is_done_when_everything_is_learned_and_safe_and_asks_for_that_in_between() -> None:
    feed = welcomed(samples=20)
    sent(feed, 0.1)
    feed.receive(Progress(5, 19, 0, FAR, 0), b"", 0.2)
    assert sent(feed, 0.2) == []
    feed.receive(Progress(5, 20, 10, FAR, 0), b"", 0.3)
    assert sent(feed, 0.3) == [Flush(5, 20, 0, 20)]
    assert (sent(feed, 0.4), feed.phase) == ([], Phase.SENDING)
    feed.receive(Progress(5, 20, 20, FAR, 0), b"", 0.5)
    assert feed.phase is Phase.DONE
    assert sent(feed, 99.0) == []


def test_hello_again_greets_anew_at_once_and_goes_on_where_the_new_welcome_says() -> None:
    feed = welcomed(limit=30)
    sent(feed, 0.1)
    feed.receive(HelloAgain(5), b"", 0.2)
    assert (feed.phase, feed.bye()) == (Phase.GREETING, None)
    assert [type(message) for message in sent(feed, 0.2)] == [Hello]
    assert sent(feed, 0.1 + HELLO_SECONDS) == []
    feed.receive(Welcome(6, 20, 40, 0), b"", 1.3)
    assert blocks(sent(feed, 1.3))[:1] in ([], [(20, 10)])
    feed.receive(Progress(6, 20, 0, 40, 0), b"", 1.4)
    assert {message.session for message in sent(feed, 1.4)} <= {6}
    assert feed.started_from == 0


@pytest.mark.parametrize(
    "old", [Progress(4, 20, 20, 0, 0), Resend(4, 0), HelloAgain(4), Refused(4, "fenced", "", False)], ids=repr
)
def test_messages_of_an_old_session_are_ignored(old: Message) -> None:
    feed, control = welcomed(limit=30, samples=20), welcomed(limit=30, samples=20)
    feed.receive(old, b"", 0.1)
    assert sent(feed, 0.2) == sent(control, 0.2)
    assert (feed.phase, feed.learned, feed.acknowledged) == (Phase.SENDING, 0, 0)


def test_messages_of_an_old_session_are_no_sign_of_life() -> None:
    feed = welcomed(limit=0)
    feed.receive(Progress(4, 0, 0, 30, 0), b"", SILENCE_SECONDS)
    assert [type(message) for message in sent(feed, SILENCE_SECONDS + 0.1)] == [Hello]
