"""Predictions on their way back, as a daemon sends them."""

import numpy as np
from msgspec import structs

from streamer.service.delivery import Delivery
from streamer.wire.frames import MAX_EVENTS, decode, encode, encode_block
from streamer.wire.messages import Ping, Predictions, Welcome
from tests.service.world import Producer, World


def first_numbers(producer: Producer) -> list[int]:
    """Where each message of predictions that has arrived begins."""
    messages = [decode(parts)[0] for parts in producer.connection.receive(0)]
    return [message.first for message in messages if isinstance(message, Predictions)]


def test_predictions_are_sent_again_when_two_pings_in_a_row_confirm_no_more() -> None:
    world = World()
    producer = Producer(world)
    [greeting] = producer.feed.due(0)
    producer.connection.send(encode(structs.replace(decode(greeting)[0], predictions=True)))
    world.daemon.turn()
    welcome, _ = decode(producer.connection.receive(0)[0])
    assert isinstance(welcome, Welcome)
    producer.connection.send(encode_block(welcome.session, producer.source.read(0, 8)))
    world.daemon.turn()
    assert first_numbers(producer) == [0]
    for confirmed, expected in ((3, []), (3, [3]), (8, []), (8, [])):
        producer.connection.send(encode(Ping(welcome.session, 8, confirmed)))
        world.daemon.turn()
        assert first_numbers(producer) == expected


def test_a_message_holds_a_bounded_count_of_numbers_however_wide_a_prediction_is() -> None:
    delivery = Delivery()
    rows = np.arange(5 * MAX_EVENTS, dtype=np.float32).reshape(-1, 5)
    delivery.keep(rows)
    messages = delivery.since(1)
    assert max(part.size for _, part in messages) <= MAX_EVENTS
    assert np.concatenate([part for _, part in messages]).tobytes() == rows[1:].tobytes()
    assert [first for first, _ in messages] == [1 + n * (MAX_EVENTS // 5) for n in range(len(messages))]
