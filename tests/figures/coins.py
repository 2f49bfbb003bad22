"""On fair coins nothing can be learned: how often is it claimed? `python -m tests.figures.coins [seeds] [samples]`."""

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.evaluation.binary import BinaryScores
from streamer.evaluation.skill import ALPHA
from streamer.learning.learner import Learner

BLOCK = 250
WORKERS = 2


def claims(seed: int, samples: int) -> Counter[str]:
    """What was said after each block of a stream whose inputs and targets are independent coin flips."""
    learner, scores = Learner(LearnerSettings(hidden=16), seed=seed), BinaryScores(window=1000, fading=0.999)
    rng, said = np.random.default_rng(seed), Counter[str]()
    for _ in range(samples // BLOCK):
        xs, ys = (rng.integers(0, 2, shape).astype(np.float32) for shape in ((BLOCK, 1), (BLOCK,)))
        scores.step(xs, learner.step_many(xs, ys), ys)
        said[scores.card().skill.claim] += 1
    return said


def main(seeds: int = 100, samples: int = 100_000) -> None:
    """Print how many of the streams were ever claimed to be learned."""
    start = time.perf_counter()
    with ProcessPoolExecutor(WORKERS) as pool:
        said = list(pool.map(claims, range(seeds), [samples] * seeds))
    for claim in ("learning", "worse", "nothing"):
        streams = sum(1 for one in said if one[claim])
        print(f"{claim:>9}: said of {streams} of {seeds} streams, at {sum(one[claim] for one in said):,} looks")
    expected = ALPHA * seeds
    print(f"each {samples:,} samples, looked at every {BLOCK}; of {seeds} at most {expected:g} may be claimed wrongly")
    print(f"{time.perf_counter() - start:.0f} s")
    if any(one["learning"] for one in said):
        raise SystemExit(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
