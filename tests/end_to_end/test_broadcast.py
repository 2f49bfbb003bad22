"""Predictions for anyone to watch, on a PUB socket of a real daemon."""

import json
from pathlib import Path

import pytest
import zmq

from streamer.config.settings import TransportSettings
from streamer.errors import SettingsError
from tests.end_to_end.processes import Daemon, Program, ended


@pytest.mark.timeout(120)
def test_whoever_listens_hears_each_prediction_with_its_number_and_target(tmp_path: Path) -> None:
    feed = f"ipc://{tmp_path}/predictions"
    daemon = Daemon(tmp_path, "learner.hidden=4", "learner.truncation=3", f"transport.publish={feed}")
    with zmq.Context() as context, context.socket(zmq.SUB) as socket, ended(daemon):
        socket.subscribe("bits")
        socket.set(zmq.RCVTIMEO, 60_000)
        socket.connect(feed)
        producer = Program("produce", "bits", "--to", daemon.endpoint, "--rate", "200")
        with ended(producer):
            heard = [socket.recv_multipart() for _ in range(20)]
    topics, messages = zip(*heard, strict=True)
    facts = [json.loads(message) for message in messages]
    assert set(topics) == {b"bits"}
    numbers = [fact["number"] for fact in facts]
    assert numbers == list(range(numbers[0], numbers[0] + 20))
    assert all(0 <= fact["probability"] <= 1 and fact["target"] in (0, 1) for fact in facts)


def test_predictions_are_not_published_where_others_can_read_them_unless_that_is_said() -> None:
    with pytest.raises(SettingsError, match="others can read predictions"):
        TransportSettings(publish="tcp://0.0.0.0:15578")
    assert TransportSettings(publish="tcp://0.0.0.0:15578", insecure=True).publish
