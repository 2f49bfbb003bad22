"""What a learner has to beat: predictors that remember nothing, one that remembers the last inputs, and luck.

All seeds of a task run side by side, (S, T), so that the rivals cost little beside the learner.
"""

import numpy as np
import numpy.typing as npt

from streamer.evaluation.baselines import Baseline, LastValue, MajorityClass
from streamer.samples import Floats

Right = npt.NDArray[np.bool_]
Doubles = npt.NDArray[np.float64]

TAPS = 17
STEP_SIZE = 1.0
"""The best of 0.1, 0.3, 1, 2 and 4 over the copying tasks and the puzzle: a rival must not be a straw man."""
GUESS_HIDDEN = 2
GUESS_SPREAD = 10.0


def majority(xs: Floats, ys: Floats) -> Right:
    """Right where the more frequent class so far is the target; xs and ys (S, T)."""
    return _each(MajorityClass, ys)


def last_value(xs: Floats, ys: Floats) -> Right:
    """Right where the target before is the target."""
    return _each(LastValue, ys)


def _each(baseline: type[MajorityClass] | type[LastValue], ys: Floats) -> Right:
    def one(targets: Floats) -> Right:
        predictor: Baseline = baseline()
        return np.asarray(predictor.step_many(targets) == (targets > 0.5))

    return np.stack([one(targets) for targets in ys])


def tapped_logistic(xs: Floats, ys: Floats, *, taps: int = TAPS, step_size: float = STEP_SIZE) -> Right:
    """Logistic regression on the last `taps` inputs, one AdaGrad step a sample (Duchi et al. 2011).

        p = σ(w · u + b),   g = (p − y) u,   G ← G + g²,   w ← w − η g / √(G + 10⁻⁸)

    On a pure copy nothing learns faster; on anything that is not linear in the last inputs it never learns.
    """
    seeds, length = xs.shape
    w, total = np.zeros((seeds, taps + 1)), np.full((seeds, taps + 1), 1e-8)
    u = np.zeros((seeds, taps + 1))
    u[:, -1] = 1
    right = np.empty((seeds, length), np.bool_)
    for t in range(length):
        u[:, 1:taps] = u[:, : taps - 1]
        u[:, 0] = xs[:, t]
        p = _sigmoid((w * u).sum(axis=1))
        right[:, t] = (p > 0.5) == (ys[:, t] > 0.5)
        g = (p - ys[:, t])[:, None] * u
        total += g**2
        w -= step_size * g / np.sqrt(total)
    return right


def guess(xs: Floats, ys: Floats, *, trials: int, seed: int = 0) -> int:
    """How many of `trials` random networks solve a task: what luck alone does (Hochreiter & Schmidhuber 1997, 2.1).

    Each trial draws a GRU of 2 units, weights uniform in ±10, and has to be right 198 times in the last 200 of xs, ys
    (T,). A task that luck solves proves nothing about a learner.
    """
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> Doubles:
        return rng.uniform(-GUESS_SPREAD, GUESS_SPREAD, (trials, *shape))

    H = GUESS_HIDDEN
    W, U, b, c, v, a = draw(3, H), draw(3, H, H), draw(3, H), draw(H), draw(H), draw()
    h, right = np.zeros((trials, H)), np.zeros(trials, np.int64)
    for t, (x, y) in enumerate(zip(xs, ys, strict=True)):
        Uh = np.einsum("sgij,sj->sgi", U, h)
        r, z = _sigmoid(W[:, 0] * x + Uh[:, 0] + b[:, 0]), _sigmoid(W[:, 1] * x + Uh[:, 1] + b[:, 1])
        n = np.tanh(W[:, 2] * x + b[:, 2] + r * (Uh[:, 2] + c))
        h = (1 - z) * n + z * h
        if t >= len(xs) - 200:
            right += ((v * h).sum(axis=1) + a > 0) == (y > 0.5)
    return int(np.count_nonzero(right >= 198))


def _sigmoid(a: Doubles) -> Doubles:
    return np.asarray(1 / (1 + np.exp(-np.clip(a, -50, 50))))
