"""Weights learned sample by sample by recursive least squares, or by Newton steps where targets are classes.

    o = W' u,   g = P u,   s = u' g
    W ← W + g e' / (1 + h s)                                             e: what the target is more than was predicted
    P ← D (P − h g g' / (1 + h s)) D,   D_j = 1 / √λ, but none so large that P_jj passes its first value

numbers: the prediction is o, h = 1 (Plackett 1950), e within ±5.   binary: p = σ(o), h = max(p (1 − p), floor).
classes: p = softmax(o) over those found; each class c has a P of its own, and h = max(p_c (1 − p_c), floor). One P
for all would cost a C-th, and far more log loss: .47 for .42, with Fourier features .49 for .36 (ImageSegments).

Forgetting makes P grow where u does not reach: there it stays what it was at first, however long that lasts, and D
keeps it positive. P is symmetric to the last bit; what is not grows by 1 / λ a step. Sums are made in the order of u: a
feature that has been 0 so far is as if it were not there.
"""

import math

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.target import LEAST, Doubles, Kind, Target
from streamer.samples import Arrays, Floats, Numbers

LIMIT = 100.0
"""Features beyond it say no more."""
LARGEST = 5.0
"""An error of a number beyond it corrects no more: targets come in standard deviations."""
STEEPEST = 15.0
"""Logits beyond it are no surer."""
FLOOR = 0.05
"""Curvature that is assumed at least: where p is sure, one surprise would else move everything."""
_NUMBERS, _BINARY, _CLASSES = range(3)
_LINKS: dict[Kind, int] = {"numbers": _NUMBERS, "binary": _BINARY, "classes": _CLASSES}


class Recursion:
    """W (1 + n, W), the first row the constant's, and P (W, 1 + n, 1 + n): 0, and `prior` on the diagonal at first.

    >>> line = Recursion(Target("numbers"), prior=100.0, forgetting=1.0)
    >>> line.step(np.ones((3, 0), np.float32), np.array([4.0, 4.0, np.nan])).round(1).ravel().tolist()
    [0.0, 4.0, 4.0]
    """

    def __init__(self, target: Target, *, prior: float, forgetting: float) -> None:
        self._link, self._prior, self._forgetting = _LINKS[target.kind], prior, forgetting
        self._weights: Doubles = np.zeros((1, target.width))
        self._covariances: Doubles = np.full((target.width, 1, 1), prior)
        self._found = np.zeros(1, np.int64)
        """Classes found."""

    def step(self, us: Floats, targets: Doubles) -> Doubles:
        """(T, n), (T,) → outputs (T, W), each made before its own target is learned; NaN is no target."""
        outputs = np.zeros((len(us), self._weights.shape[1]))
        scratch = np.empty((3, 1 + us.shape[1]))
        state = (self._weights, self._covariances, self._found)
        _step(us, targets, self._link, self._prior, self._forgetting, FLOOR, LEAST, *state, scratch, outputs)
        return outputs

    def widen(self, count: int, places: Numbers) -> None:
        """Make room for so many features; those that there were go to these places."""
        own = np.concatenate([[0], 1 + places])
        weights = np.zeros((1 + count, self._weights.shape[1]))
        covariances = np.tile(self._prior * np.eye(1 + count), (len(self._covariances), 1, 1))
        weights[own] = self._weights
        covariances[:, own[:, None], own] = self._covariances
        self._weights, self._covariances = weights, covariances

    def state(self) -> Arrays:
        """The arrays themselves."""
        return {"weights": self._weights, "covariances": self._covariances, "found": self._found}

    def restore(self, arrays: Arrays) -> None:
        """Take over copies of arrays."""
        self._weights = np.array(arrays["weights"], np.float64, order="C")
        self._covariances = np.array(arrays["covariances"], np.float64, order="C")
        self._found = arrays["found"].astype(np.int64)


def _soften(outputs: Doubles, found: int, least: float) -> None:
    """Logits in place → probabilities of the places found."""
    top = -math.inf
    for c in range(found):
        top = max(top, outputs[c])
    total = 0.0
    for c in range(found):
        outputs[c] = math.exp(outputs[c] - top)
        total += outputs[c]
    for c in range(len(outputs)):
        outputs[c] = least + (1.0 - least * found) * (outputs[c] / total) if c < found else 0.0


def _gain(covariance: Doubles, u: Doubles, g: Doubles) -> float:
    """g = P u; returns u' g."""
    n = len(u)
    for i in range(n):
        g[i] = 0.0
    for j in range(0, n - 3, 4):  # four rows at a time, each sum still in their order
        a = u[j]
        b = u[j + 1]
        c = u[j + 2]
        d = u[j + 3]
        if a != 0.0 or b != 0.0 or c != 0.0 or d != 0.0:
            for i in range(n):
                sum_of_four = g[i] + covariance[j, i] * a + covariance[j + 1, i] * b
                g[i] = sum_of_four + covariance[j + 2, i] * c + covariance[j + 3, i] * d
    for j in range(n - n % 4, n):
        for i in range(n):
            g[i] += covariance[j, i] * u[j]
    s = 0.0
    for i in range(n):
        s += u[i] * g[i]
    return s


def _reset(covariance: Doubles, prior: float) -> None:
    """To what it was at first."""
    for j in range(len(covariance)):
        for i in range(len(covariance)):
            covariance[j, i] = prior if i == j else 0.0


def _contract(covariance: Doubles, g: Doubles, d: Doubles, share: float, prior: float, forgetting: float) -> None:
    """P ← D (P − share g g') D, with `g` and `d` as scratch; to its first value if rounding has spoiled it."""
    root = math.sqrt(1.0 / forgetting)
    sound = True
    free = True
    for j in range(len(g)):
        left = covariance[j, j] - share * g[j] * g[j]
        d[j] = root
        if not left > 0.0:
            sound = False
        elif left > prior * forgetting:
            d[j] = math.sqrt(prior / left)
            free = False
    if not sound:
        _reset(covariance, prior)
        return
    for j in range(len(g)):
        g[j] *= math.sqrt(share) * d[j]
    for j in range(len(g)):
        a = g[j]
        b = d[j]
        if free:
            for i in range(len(g)):
                covariance[j, i] = covariance[j, i] * (root * root) - a * g[i]
        else:
            for i in range(len(g)):
                covariance[j, i] = covariance[j, i] * (b * d[i]) - a * g[i]


def _predict(u: Doubles, weights: Doubles, link: int, found: int, least: float, output: Doubles) -> None:
    """What is made of W' u."""
    total = 0.0
    for j in range(len(u)):
        total += weights[j, 0] * u[j]
    output[0] = total
    for m in range(1, len(output)):
        output[m] = 0.0
    for j in range(len(u) if len(output) > 1 else 0):
        for m in range(1, len(output)):
            output[m] += weights[j, m] * u[j]
    if link == _BINARY:
        p = 1.0 / (1.0 + math.exp(-min(max(output[0], -STEEPEST), STEEPEST)))
        output[0] = min(max(p, least), 1.0 - least)
    elif link == _CLASSES:
        _soften(output, found, least)


def _correct(weights: Doubles, g: Doubles, m: int, step: float) -> None:
    """W_m ← W_m + g · step."""
    for j in range(len(g)):
        weights[j, m] += g[j] * step


_SIGNATURE = (
    "float32[:,::1], float64[::1], int64, float64, float64, float64, float64, float64[:,::1], float64[:,:,::1], "
    "int64[::1], float64[:,::1], float64[:,::1]"
)


@block_kernel(_SIGNATURE, _soften, _gain, _reset, _contract, _predict, _correct)
def _step(
    us: Floats,
    targets: Doubles,
    link: int,
    prior: float,
    forgetting: float,
    floor: float,
    least: float,
    weights: Doubles,
    covariances: Doubles,
    found: Numbers,
    scratch: Doubles,
    outputs: Doubles,
) -> None:
    u, g, d = scratch[0], scratch[1], scratch[2]
    u[0] = 1.0
    for t in range(len(us)):
        for j in range(us.shape[1]):
            u[1 + j] = min(max(np.float64(us[t, j]), -LIMIT), LIMIT)
        p = outputs[t]
        _predict(u, weights, link, found[0], least, p)
        y = targets[t]
        if math.isnan(y):
            continue
        if link == _CLASSES:
            found[0] = max(found[0], int(y) + 1)
        for k in range(found[0] if link == _CLASSES else 1):
            s = _gain(covariances[k], u, g)
            if not s >= 0.0:  # rounding
                _reset(covariances[k], prior)
                s = _gain(covariances[k], u, g)
            h = 1.0 if link == _NUMBERS else max(p[k] * (1.0 - p[k]), floor)
            share = 1.0 / (1.0 + h * s)
            wanted = y
            if link == _CLASSES:
                wanted = 1.0 if k == int(y) else 0.0
            _correct(weights, g, k, min(max(wanted - p[k], -LARGEST), LARGEST) * share)
            _contract(covariances[k], g, d, h * share, prior, forgetting)
