"""The mixtures as their modules say them, in numpy and with lists of those present."""

from typing import Any

import numpy as np
import numpy.typing as npt

from streamer.learning.committee.mixing import numbers
from streamer.learning.committee.mixing.binary import (
    CURVATURE,
    EPSILON,
    FORGETTING,
    LARGEST,
    LOGIT,
    RATE,
    TOP,
    VARIANCES,
)
from streamer.learning.committee.mixing.mixture import Doubles

Mask = npt.NDArray[Any]


class Share:
    """Fixed share."""

    def __init__(self, prior: Doubles) -> None:
        self.prior, self.w = prior, prior.copy()

    def mean(self, here: Mask, values: Doubles) -> Doubles:
        return np.asarray(self.w[here] @ values[here] / self.w[here].sum())

    def learn(self, here: Mask, log_likelihoods: Doubles, rate: float) -> None:
        v = np.log(self.w)
        v[here] += log_likelihoods
        v[here] += np.log(self.w[here].sum()) - np.log(np.exp(v[here]).sum())
        moves = (1 - rate) * np.eye(len(v)) + rate * self.prior[:, None]
        self.w = moves @ np.exp(v)


class Stack:
    """A Kalman filter of constant weights, 0 at first."""

    def __init__(self, members: int, variance: float, forgetting: float) -> None:
        self.theta: Doubles = np.zeros(members)
        self.variance, self.forgetting = variance, forgetting
        self.P: Doubles = variance * np.eye(members)

    def learn(self, u: Doubles, residual: Any, curvature: float) -> None:
        information = np.linalg.inv(self.P) + curvature * np.outer(u, u)
        self.P = np.asarray(np.linalg.inv(information), np.float64)
        self.theta = self.theta + self.P @ u * residual
        grown = np.diag(self.P) / self.forgetting <= self.variance * (1 + 1e-13)
        d = np.where(grown, 1 / np.sqrt(self.forgetting), 1.0)
        self.P = np.diag(d) @ self.P @ np.diag(d)


def single(value: Any) -> Doubles:
    """As float32 has it."""
    return np.asarray(value, np.float32).astype(np.float64)


class PlainProbabilities:
    """Two levels, for probabilities."""

    def __init__(self, members: int, power: float) -> None:
        self.level, self.top = Share(np.full(members, 1 / members)), Share(np.array(TOP))
        self.stacks = [Stack(members, *both) for both in zip(VARIANCES, FORGETTING, strict=True)]
        self.power, self.n = power, 0

    def learn(self, here: Mask, logs: Doubles, of_levels: Doubles) -> None:
        self.level.learn(here, self.power * logs[here], max(RATE, 1 / (self.n + 2)))
        self.top.learn(np.ones(len(TOP), np.bool_), self.power * of_levels, RATE)
        self.n += 1


class PlainClasses(PlainProbabilities):
    """For probabilities (N, K) of the K classes found."""

    def step(self, said: Doubles, place: int | None) -> Doubles:
        """(N, K), NaN for one absent, and what came → (K,)."""
        here: Mask = np.asarray(~np.isnan(said).any(axis=1))
        K = said.shape[1]
        if not here.any():
            return np.full(K, 1 / K)
        p = (said + EPSILON) / (said + EPSILON).sum(axis=1, keepdims=True)
        first = single(self.level.mean(here, p))
        z = np.where(here[:, None], np.maximum(np.log(p), -LARGEST) - np.maximum(np.log(first), -LARGEST), 0)
        q = [(softmax(np.log(first) + s.theta @ z) + EPSILON) / (1 + K * EPSILON) for s in self.stacks]
        levels = single([first, *q])
        mixed = self.top.w @ levels
        if place is not None:
            for stack, row in zip(self.stacks, q, strict=True):
                others = np.delete(row, place)
                if K > 1:
                    u = z[:, place] - np.delete(z, place, axis=1) @ others / others.sum()
                    h = self.power * max(float(row[place]) * float(others.sum()), CURVATURE)
                    stack.learn(u, self.power * others.sum(), h)
            self.learn(here, np.log(p[:, place]), np.log(levels[:, place]))
        return np.asarray(mixed)


class PlainBinary(PlainProbabilities):
    """For probabilities (N,) of 1."""

    def step(self, said: Doubles, y: float | None) -> float:
        """(N,), NaN for one absent, and what came → p."""
        here: Mask = ~np.isnan(said)
        if not here.any():
            return 0.5
        p = np.clip(said, EPSILON, 1 - EPSILON)
        first = held(single(self.level.mean(here, p)))
        u = np.where(here, np.clip(logit(p), -LARGEST, LARGEST) - np.clip(logit(first), -LARGEST, LARGEST), 0)
        logits = [np.clip(logit(first) + s.theta @ u, -LOGIT, LOGIT) for s in self.stacks]
        q = [float(1 / (1 + np.exp(-z))) for z in logits]
        levels = held(single([first, *q]))
        mixed = float(self.top.w @ levels)
        if y is not None:
            for stack, row in zip(self.stacks, q, strict=True):
                stack.learn(u, self.power * (y - row), self.power * max(row * (1 - row), CURVATURE))
            self.learn(here, np.log(np.where(y > 0, p, 1 - p)), np.log(np.where(y > 0, levels, 1 - levels)))
        return mixed


class PlainNumbers:
    """For values (N,)."""

    def __init__(self, prior: Doubles, anchors: tuple[int, ...], power: float) -> None:
        of_anchors = [numbers.ANCHORS / len(anchors) for _ in anchors]
        top = np.array([*numbers.TOP, *of_anchors])
        self.level, self.top, self.anchors = Share(prior), Share(top / top.sum()), list(anchors)
        both = zip(numbers.VARIANCES, numbers.FORGETTING, strict=True)
        self.stacks = [Stack(len(prior), *pair) for pair in both]
        self.power = power
        self.ys: list[float] = []
        self.scales = Scale(), Scale()

    def step(self, said: Doubles, y: float | None) -> float:
        """(N,), NaN for one absent, and what came → the value."""
        here: Mask = ~np.isnan(said)
        if not here.any():
            mixed = float(np.mean(self.ys)) if self.ys else 0.0
        else:
            mixed = self._known(here, self._within(said), y)
        if y is not None:
            self.ys.append(y)
        return mixed

    def _within(self, values: Doubles) -> Doubles:
        low, high = min(self.ys, default=0.0), max(self.ys, default=0.0)
        beyond = min(np.abs(np.diff(self.ys)).max(initial=0.0), (high - low) / 2)
        return np.clip(values, low - beyond, high + beyond)

    def _known(self, here: Mask, f: Doubles, y: float | None) -> float:
        limit, s = numbers.LIMIT, self.scales[0].s
        first = single(self.level.mean(here, f))
        u = np.where(here & (s > 0), np.clip((f - first) / (s or 1), -limit, limit), 0.0)
        corrected = [first + s * (stack.theta @ u) for stack in self.stacks]
        values = np.concatenate([single([first, *self._within(np.array(corrected))]), f[self.anchors]])
        present = np.concatenate([np.ones(1 + len(self.stacks), np.bool_), here[self.anchors]])
        mixed = float(single(self.top.mean(present, values)))
        if y is not None:
            if s > 0:
                self.level.learn(here, -self.power * np.minimum(np.abs(y - f[here]) / s, limit), numbers.RATE)
                for stack in self.stacks:
                    r = (y - first) / s - stack.theta @ u
                    weight = self.power * min(1.0, 1 / max(float(abs(r)), 1e-300))
                    stack.learn(u, weight * r, weight)
            if self.scales[1].s > 0:
                lost = np.minimum(np.abs(y - values[present]) / self.scales[1].s, limit)
                self.top.learn(present, -self.power * lost, numbers.RATE)
            if self.ys:
                self.scales[0].learn(abs(y - first))
                self.scales[1].learn(abs(y - mixed))
        return mixed


class Scale:
    """A running mean of errors that none moves by much, but many in turn do."""

    def __init__(self) -> None:
        self.n, self.s, self.factor = 0, 0.0, 1.0

    def learn(self, error: Any) -> None:
        self.n = min(self.n + 1, int(numbers.ERRORS))
        counted = min(error, numbers.GROWTH * self.factor * self.s) if self.s > 0 else error
        self.factor = 2 * self.factor if error > numbers.GROWTH * self.s else 1.0
        self.s += (counted - self.s) / self.n


def held(p: Doubles) -> Doubles:
    """Off 0 and 1."""
    return np.clip(p, EPSILON, 1 - EPSILON)


def logit(p: Doubles) -> Doubles:
    """ln p/(1 − p)."""
    return np.asarray(np.log(p / (1 - p)))


def softmax(z: Doubles) -> Doubles:
    """(K,) → (K,)."""
    e = np.exp(z - z.max())
    return np.asarray(e / e.sum())
