"""The producers in other languages, beside our own on the same numbers."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from streamer import produce
from streamer.samples import Block
from tests.end_to_end.processes import Daemon, Program, ended

PRODUCERS = Path(__file__).parents[2] / "deploy" / "producers"
SLOW = ("learner.hidden=48", "learner.truncation=64", "learner.memory=none", "checkpoints.interval_seconds=0.2")
"""Slow enough, about 60 µs a sample, to be caught in the middle."""
SAMPLES = 20_000

pytestmark = pytest.mark.timeout(300)


class Puzzle:
    """The log that all of them publish, as deploy/producers/README.md and their comments define it."""

    inputs = 1
    length = None
    epoch = b"puzzle-1".hex()

    def read(self, first: int, count: int) -> Block:
        bits = self.bits(np.arange(first - 1, first + count).astype(np.uint32))
        return Block(first, bits[1:, None], 1 - bits[:-1])

    @staticmethod
    def bits(numbers: np.ndarray) -> np.ndarray:
        mixed = (numbers ^ numbers >> np.uint32(16)) * np.uint32(0x85EBCA6B)
        mixed = (mixed ^ mixed >> np.uint32(13)) * np.uint32(0xC2B2AE35)
        return np.asarray((mixed ^ mixed >> np.uint32(16)) < 2**30, np.float32)


COMMANDS = {
    "python": (sys.executable, str(PRODUCERS / "producer.py")),
    "c": (str(PRODUCERS / "producer"),),
    "node": ("node", str(PRODUCERS / "producer.mjs")),
}
BUILT = {"python": PRODUCERS / "producer.py", "c": PRODUCERS / "producer", "node": PRODUCERS / "node_modules"}


@pytest.fixture(params=COMMANDS)
def language(request: pytest.FixtureRequest) -> str:
    """Each language. One that cannot be run is skipped, or fails where that is forbidden."""
    name = str(request.param)
    if not (BUILT[name].exists() and shutil.which(COMMANDS[name][0])):
        why = f"the producer in {name} is not built; do this: make producers"
        if os.environ.get("PRODUCERS") == "required":
            pytest.fail(why)
        pytest.skip(why)
    return name


def producer(language: str, endpoint: str, stream: str, samples: int = SAMPLES) -> Program:
    return Program(endpoint, stream, str(samples), program=COMMANDS[language])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Daemon, str]]:
    """A daemon that nobody kills, and the state after our own producer's samples."""
    daemon = Daemon(tmp_path_factory.mktemp("undisturbed"), *SLOW)
    with ended(daemon):
        assert produce(Puzzle(), daemon.endpoint, stream="ours", samples=SAMPLES).complete
        stream = daemon.until(lambda stream: stream.get("next_sequence") == SAMPLES, "ours")
        yield daemon, stream["state_hash"]


def test_a_producer_in_another_language_ends_where_ours_does(language: str, undisturbed: tuple[Daemon, str]) -> None:
    daemon, state_hash = undisturbed
    program = producer(language, daemon.endpoint, language)
    with ended(program):
        code, output, errors = program.finish()
    assert (code, errors) == (0, "")
    assert output == f"{SAMPLES} samples learned, and safe on the daemon's disk\n"
    stream = daemon.until(lambda stream: stream.get("next_sequence") == SAMPLES, language)
    assert stream["state_hash"] == state_hash
    assert stream["samples"] == SAMPLES


def test_it_ends_there_too_when_the_daemon_and_then_the_producer_are_killed_in_the_middle(
    tmp_path: Path, language: str, undisturbed: tuple[Daemon, str]
) -> None:
    killed = Daemon(tmp_path, *SLOW)
    first = producer(language, killed.endpoint, "s")
    with ended(first):
        with ended(killed):  # by SIGKILL
            seen = killed.until(lambda stream: stream.get("next_sequence", 0) >= 0.2 * SAMPLES, "s")
            assert seen["next_sequence"] < SAMPLES  # in the middle of the run, or the test shows nothing
        killed = Daemon(tmp_path, *SLOW, listen=killed.endpoint)
        with ended(killed):
            killed.until(lambda stream: stream.get("next_sequence", 0) >= 0.6 * SAMPLES, "s")
            first.process.kill()
            assert first.finish()[0] < 0  # it had not ended by itself
            second = producer(language, killed.endpoint, "s")
            with ended(second):
                assert second.finish()[0] == 0
            stream = killed.until(lambda stream: stream.get("next_sequence") == SAMPLES, "s")
    assert stream["state_hash"] == undisturbed[1]


def test_a_producer_that_is_refused_for_good_says_why_and_one_called_wrongly_says_how(
    tmp_path: Path, language: str
) -> None:
    daemon = Daemon(tmp_path, "learner.inputs=2", "learner.hidden=4")
    refused, wrong = producer(language, daemon.endpoint, "s"), Program(program=COMMANDS[language])
    with ended(daemon, refused, wrong):
        code, _, errors = refused.finish()
        assert code == 1
        assert errors.startswith("the daemon refused this stream: inputs: the stream has 1 inputs")
        assert len(errors.splitlines()) == 1
        code, _, errors = wrong.finish()
        assert code == 2
        assert errors.startswith("usage: ")
        assert len(errors.splitlines()) == 1
