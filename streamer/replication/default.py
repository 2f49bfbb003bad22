"""The daemon's default learner on the same bits: what stands beside every original."""

from collections.abc import Sequence

import numpy as np

from streamer.learning.learner import Learner
from streamer.replication.bits import PROBABILITY, bits
from streamer.replication.system import Progress
from streamer.replication.threads import one_thread
from streamer.replication.trace import Trace, trace
from streamer.samples import Floats

SLOW_SAMPLES = 1_000
"""The reference engine takes milliseconds a sample. So many are enough to see it solve, and then hold for 500 more."""

_CHUNK = 50


@one_thread()
def default_trace(
    seeds: Sequence[int], samples: int, lag: int, progress: Progress, *, probability: float = PROBABILITY
) -> Trace:
    """`Learner(seed=…)`, nothing set, a run for each seed; its loss here is (p − y)², to be comparable."""
    learners = [Learner(seed=seed) for seed in seeds]
    if any(learner.engine == "reference" for learner in learners):
        samples = min(samples, SLOW_SAMPLES)
    xs, ys = bits(seeds, samples, lag, probability)
    predictions = np.empty_like(ys)
    for first in range(0, samples, _CHUNK):
        part = slice(first, first + _CHUNK)
        for run, learner in enumerate(learners):
            predictions[run, part] = learner.step_many(xs[run, part, None], ys[run, part])
        progress("the daemon's default", min(first + _CHUNK, samples), samples)
    return trace(predictions, ys, np.square(predictions - ys))


def always_one(targets: Floats) -> Trace:
    """Saying 1 whatever comes, (R, T), with the loss of saying the share of ones: what needs no learning."""
    share = targets.mean(axis=1, keepdims=True)
    return trace(np.ones_like(targets), targets, np.square(share - targets))
