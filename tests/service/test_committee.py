"""A committee in a daemon that dies, with labels that come late: what its learners promise, it promises."""

import pytest

from streamer.app.predictors import CommitteeFactory
from streamer.client.feed import Plan
from streamer.config.committee import CommitteeSettings
from streamer.learning.snapshot import hash_arrays
from tests.service.late import LateBits
from tests.service.world import Producer, World

SETTINGS = CommitteeSettings(members=("prior", "markov", "gru_ring"))
SAMPLES = 1_500
"""More than a term."""


def world() -> World:
    factory = CommitteeFactory(SETTINGS, 0, engine="auto", label_horizon=32)
    return World(predictors=factory, window=256, interval_seconds=0.3)


def producer(daemon: World, batch: int) -> Producer:
    return Producer(daemon, LateBits(), Plan("s", batch=batch, samples=SAMPLES))


@pytest.fixture(scope="module")
def undisturbed() -> str:
    daemon = world()
    daemon.run(producer(daemon, 64))
    assert daemon.record().outcomes["learned"] > SAMPLES / 3
    return daemon.state_hash()


@pytest.mark.parametrize(("batch", "turns"), [(7, 40), (33, 9), (64, 3)])
def test_killed_again_and_again_and_cut_otherwise_it_ends_where_an_undisturbed_one_does(
    undisturbed: str, batch: int, turns: int
) -> None:
    daemon = world()
    feeding = producer(daemon, batch)
    for _ in range(3):
        for _ in range(turns):
            daemon.turn(feeding)
        daemon.kill()
    daemon.run(feeding)
    assert daemon.state_hash() == undisturbed


def test_a_committee_that_is_reset_and_rolled_back_is_what_it_was() -> None:
    daemon = world()
    daemon.run(producer(daemon, 64))
    streams = daemon.loop.streams
    stream = streams.existing("s")
    before = hash_arrays(stream.predictor.export())
    saved = stream.checkpoint(streams.structure, streams.build, 0.0)
    streams.reset(stream)
    assert stream.predictor.samples == 0
    streams.roll_back(stream, saved)
    assert hash_arrays(stream.predictor.export()) == before
