"""Weights learned sample by sample by recursive least squares, or by Newton steps where targets are classes.

    o = W' u,   g = P u,   s = u' g
    W ← W + g e' / (1 + h s)                                             e: what the target is more than was predicted
    P ← D (P − h g g' / (1 + h s)) D,   D_j = 1 / √λ, but none so large that P_jj passes its first value

numbers: the prediction is o, h = 1 (Plackett 1950).   binary: p = σ(o), h = max(p (1 − p), floor).
classes: p = softmax(o) over those found, h = 2 max_c p_c (1 − p_c), which no curvature passes (Gershgorin).

All outputs share P, for they have the same u. Forgetting makes P grow where u does not reach: there it stays what it
was at first, however long that lasts, and D keeps it positive. Sums are made in the order of u, so a feature that has
been 0 so far is as if it were not there.
"""

import math

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.target import LEAST, Doubles, Kind
from streamer.samples import Arrays, Floats, Numbers

LIMIT = 100.0
"""Features beyond it say no more."""
FLOOR = 0.05
"""Curvature that is assumed at least: where p is sure, one surprise would else move everything."""
_NUMBERS, _BINARY, _CLASSES = range(3)
_LINKS: dict[Kind, int] = {"numbers": _NUMBERS, "binary": _BINARY, "classes": _CLASSES}


class Recursion:
    """W (n, W) and P (n, n), which start at 0 and at `prior` on the diagonal.

    >>> line = Recursion("numbers", 1, prior=100.0, forgetting=1.0)
    >>> line.widen(1, np.arange(0))
    >>> line.step(np.ones((3, 1), np.float32), np.array([[4.0], [4.0], [np.nan]])).round(1).ravel().tolist()
    [0.0, 4.0, 4.0]
    """

    def __init__(self, kind: Kind, width: int, *, prior: float, forgetting: float) -> None:
        self._link, self._prior, self._forgetting = _LINKS[kind], prior, forgetting
        self._weights: Doubles = np.zeros((0, width))
        self._covariance: Doubles = np.zeros((0, 0))
        self._found = np.zeros(1, np.int64)
        """Classes found."""

    def step(self, us: Floats, targets: Doubles) -> Doubles:
        """(T, n), (T, M) → outputs (T, W), each made before its own target is learned; NaN is no target."""
        outputs = np.zeros((len(us), self._weights.shape[1]))
        scratch = np.empty((3, us.shape[1]))
        state = (self._weights, self._covariance, self._found)
        _step(us, targets, self._link, self._prior, self._forgetting, FLOOR, LEAST, *state, scratch, outputs)
        return outputs

    def widen(self, count: int, places: Numbers) -> None:
        """Make room for so many features; those that there were go to these places."""
        weights, covariance = np.zeros((count, self._weights.shape[1])), self._prior * np.eye(count)
        weights[places], covariance[np.ix_(places, places)] = self._weights, self._covariance
        self._weights, self._covariance = weights, covariance

    def state(self) -> Arrays:
        """The arrays themselves."""
        return {"weights": self._weights, "covariance": self._covariance, "found": self._found}

    def restore(self, arrays: Arrays) -> None:
        """Take over copies of arrays."""
        self._weights = np.array(arrays["weights"], np.float64, order="C")
        self._covariance = np.array(arrays["covariance"], np.float64, order="C")
        self._found = arrays["found"].astype(np.int64)


def _soften(outputs: Doubles, found: int, least: float) -> float:
    """Logits in place → probabilities of the places found; returns the largest p (1 − p)."""
    top = -math.inf
    for c in range(found):
        top = max(top, outputs[c])
    total = 0.0
    for c in range(found):
        outputs[c] = math.exp(outputs[c] - top)
        total += outputs[c]
    widest = 0.0
    for c in range(len(outputs)):
        p = outputs[c] / total if c < found else 0.0
        widest = max(widest, p * (1.0 - p))
        outputs[c] = least + (1.0 - least * found) * p if c < found else 0.0
    return widest


def _gain(covariance: Doubles, u: Doubles, g: Doubles) -> float:
    """g = P u; returns u' g."""
    for i in range(len(u)):
        g[i] = 0.0
    for j in range(len(u)):
        if u[j] != 0.0:
            for i in range(len(u)):
                g[i] += covariance[j, i] * u[j]
    s = 0.0
    for i in range(len(u)):
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
        if free:
            scale = root * root
            for i in range(len(g)):
                covariance[j, i] = covariance[j, i] * scale - g[j] * g[i]
        else:
            for i in range(len(g)):
                covariance[j, i] = covariance[j, i] * (d[j] * d[i]) - g[j] * g[i]


def _predict(u: Doubles, weights: Doubles, link: int, found: int, least: float, output: Doubles) -> float:
    """o and what is made of it; returns the curvature."""
    for m in range(len(output)):
        output[m] = 0.0
    for j in range(len(u)):
        for m in range(len(output)):
            output[m] += weights[j, m] * u[j]
    if link == _BINARY:
        p = 1.0 / (1.0 + math.exp(-min(max(output[0], -30.0), 30.0)))
        output[0] = min(max(p, least), 1.0 - least)
        return p * (1.0 - p)
    return 2.0 * _soften(output, found, least) if link == _CLASSES else 1.0


def _correct(weights: Doubles, g: Doubles, weight: float, link: int, found: int, output: Doubles, ys: Doubles) -> None:
    """W ← W + g e' · weight."""
    for m in range(found if link == _CLASSES else len(output)):
        wanted = (1.0 if m == int(ys[0]) else 0.0) if link == _CLASSES else ys[m]
        error = (wanted - output[m]) * weight
        if not math.isnan(error):
            for j in range(len(g)):
                weights[j, m] += g[j] * error


_SIGNATURE = (
    "float32[:,::1], float64[:,::1], int64, float64, float64, float64, float64, float64[:,::1], float64[:,::1], "
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
    covariance: Doubles,
    found: Numbers,
    scratch: Doubles,
    outputs: Doubles,
) -> None:
    u, g, d = scratch[0], scratch[1], scratch[2]
    for t in range(len(us)):
        for j in range(len(u)):
            u[j] = min(max(np.float64(us[t, j]), -LIMIT), LIMIT)
        curvature = _predict(u, weights, link, found[0], least, outputs[t])
        known = False
        for m in range(targets.shape[1]):
            known = known or not math.isnan(targets[t, m])
        if not known or (link == _CLASSES and not 0.0 <= targets[t, 0] < weights.shape[1]):
            continue
        if link == _CLASSES:
            found[0] = max(found[0], int(targets[t, 0]) + 1)
        s = _gain(covariance, u, g)
        if not s >= 0.0:  # rounding
            _reset(covariance, prior)
            s = _gain(covariance, u, g)
        h = max(curvature, floor)
        _correct(weights, g, 1.0 / (1.0 + h * s), link, found[0], outputs[t], targets[t])
        _contract(covariance, g, d, h / (1.0 + h * s), prior, forgetting)
