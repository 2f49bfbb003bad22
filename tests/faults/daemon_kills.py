"""`kill -9` of the daemon at random times: in the middle of learning, of a checkpoint, of its start.

The moments are random, by a seed; where in the program they strike is up to the machine.
"""

import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.end_to_end.processes import ended
from tests.faults.line import Figure
from tests.faults.lives import STREAM, Lives, kill, live, undisturbed

SETTINGS = ("checkpoints.interval_seconds=0.02",)
RATE = 5_000
"""Samples a second: the daemon learns, and is not only busy with that."""
LIFE_SECONDS = 0.3
"""The longest time that a daemon lives once it has welcomed the producer."""
START_SECONDS = 1.0
"""The longest time that a daemon lives that is killed while it starts."""
KILLED_AT_START = 0.2


def kill_again_and_again(kills: int, seed: int) -> int:
    """The samples learned in the end; AssertionError if one of them was lost, or learned twice."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="streamer-") as folder:
        lives = Lives(Path(folder), *SETTINGS, rate=RATE)
        with lives.producing:
            for _ in range(kills):
                _one_life(lives, rng)
            daemon = lives.start()
            with ended(daemon):
                lives.producing.finish()
                end = lives.producing.log.next
                state = daemon.until(lambda stream: stream.get("acknowledged") == end, STREAM)
        assert state["next_sequence"] == state["samples"] == end, f"{state['samples']} learned of {end}"
        (Path(folder) / "undisturbed").mkdir()
        expected = undisturbed(Path(folder) / "undisturbed", end)
    assert state["state_hash"] == expected["state_hash"], "the learner is not where an undisturbed one is"
    return end


def measure(kills: int, at_once: int = 2) -> Figure:
    """Kill so many times in all, several daemons at once."""
    with ThreadPoolExecutor(at_once) as pool:
        samples = sum(pool.map(kill_again_and_again, [kills // at_once] * at_once, range(at_once)))
    done = kills // at_once * at_once
    return Figure(f"{done:,} kills, {samples:,} samples: hash equal, 0 lost, 0 twice", ok=True)


def _one_life(lives: Lives, rng: random.Random) -> None:
    if rng.random() < KILLED_AT_START:
        daemon, seconds = lives.start_only(), rng.uniform(0, START_SECONDS)
    else:
        daemon, seconds = lives.feeding(rng), rng.uniform(0, LIFE_SECONDS)
    with ended(daemon):
        live(daemon, seconds)
        kill(daemon)
