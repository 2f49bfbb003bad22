"""The mixtures as their modules say them, for one horizon, in numpy and with lists of those present."""

from typing import Any

import numpy as np
import numpy.typing as npt

from streamer.learning.committee.mixing.binary import CURVATURE, EPSILON, LOGIT, VARIANCE
from streamer.learning.committee.mixing.mixture import Doubles
from streamer.learning.committee.mixing.numbers import GROWTH, LIMIT, LOOKBACK
from streamer.learning.committee.mixing.numbers import VARIANCE as NUMBER_VARIANCE
from streamer.learning.committee.mixing.share import RATE
from streamer.learning.committee.mixing.stack import FORGETTING

Mask = npt.NDArray[Any]


class Share:
    """Fixed share."""

    def __init__(self, count: int) -> None:
        self.w = np.full(count, 1 / count)

    def mean(self, here: Mask, values: Doubles) -> Doubles:
        return np.asarray(self.w[here] @ values[here] / self.w[here].sum())

    def learn(self, here: Mask, log_likelihoods: Doubles) -> None:
        v = np.log(self.w)
        v[here] += log_likelihoods
        v[here] += np.log(self.w[here].sum()) - np.log(np.exp(v[here]).sum())
        v = np.exp(v)
        n = len(v)
        moves = np.full((n, n), RATE / (n - 1)) if n > 1 else np.zeros((1, 1))
        np.fill_diagonal(moves, 1 - RATE if n > 1 else 1)
        self.w = moves @ v


class Stack:
    """A Kalman filter of constant weights."""

    def __init__(self, theta: Doubles, variance: float, forgetting: float) -> None:
        self.theta: Doubles = theta.copy()
        self.variance, self.forgetting = variance, forgetting
        self.P: Doubles = variance * np.eye(len(theta))

    def learn(self, u: Doubles, residual: Any, curvature: float) -> None:
        information = np.linalg.inv(self.P) + curvature * np.outer(u, u)
        self.P = np.asarray(np.linalg.inv(information), np.float64)
        self.theta = self.theta + self.P @ u * residual
        grown = np.diag(self.P) / self.forgetting <= self.variance * (1 + 1e-13)
        d = np.where(grown, 1 / np.sqrt(self.forgetting), 1.0)
        self.P = np.diag(d) @ self.P @ np.diag(d)


def single(value: Doubles) -> Doubles:
    """As float32 has it."""
    return np.asarray(value, np.float32).astype(np.float64)


class Plain:
    """Two levels."""

    def __init__(self, members: int, theta: float, variance: float) -> None:
        self.members = members
        self.level, self.top = Share(members), Share(1 + len(FORGETTING))
        self.stacks = [Stack(np.full(members, theta), variance, forgetting) for forgetting in FORGETTING]


class PlainClasses(Plain):
    """For probabilities (N, K) of the K classes found."""

    def __init__(self, members: int, power: float) -> None:
        super().__init__(members, 1 / members, VARIANCE)
        self.power = power

    def step(self, said: Doubles, place: int | None) -> Doubles:
        """(N, K), NaN for one absent, and what came → (K,)."""
        here: Mask = np.asarray(~np.isnan(said).any(axis=1))
        K = said.shape[1]
        if not here.any():
            return np.full(K, 1 / K)
        p = (said + EPSILON) / (said + EPSILON).sum(axis=1, keepdims=True)
        z = np.log(p)
        z[~here] = z[here].mean(axis=0)
        q = [softmax(stack.theta @ z) for stack in self.stacks]
        q = [(row + EPSILON) / (1 + K * EPSILON) for row in q]
        levels = single(np.array([self.level.mean(here, p), *q]))
        mixed = self.top.w @ levels
        if place is not None:
            self.level.learn(here, self.power * np.log(p[here, place]))
            for stack, row in zip(self.stacks, q, strict=True):
                others = np.delete(row, place)
                if K > 1:
                    u = z[:, place] - np.delete(z, place, axis=1) @ others / others.sum()
                    stack.learn(np.where(here, u, 0), self.power * others.sum(), self.power * CURVATURE)
            self.top.learn(np.ones(len(levels), np.bool_), self.power * np.log(levels[:, place]))
        return np.asarray(mixed)


class PlainBinary(Plain):
    """For probabilities (N,) of 1."""

    def __init__(self, members: int, power: float) -> None:
        super().__init__(members, 1 / members, VARIANCE)
        self.power = power

    def step(self, said: Doubles, y: float | None) -> float:
        """(N,), NaN for one absent, and what came → p."""
        here: Mask = ~np.isnan(said)
        if not here.any():
            return 0.5
        p = np.clip(said, EPSILON, 1 - EPSILON)
        z = np.log(p / (1 - p))
        z[~here] = z[here].mean()
        logits = np.clip([stack.theta @ z for stack in self.stacks], -LOGIT, LOGIT)
        levels = np.clip(single(np.array([self.level.mean(here, p), *1 / (1 + np.exp(-logits))])), EPSILON, 1 - EPSILON)
        mixed = float(self.top.w @ levels)
        if y is not None:
            right = np.log(np.where(y > 0, p, 1 - p))
            self.level.learn(here, self.power * right[here])
            for stack, logit in zip(self.stacks, logits, strict=True):
                residual = y - 1 / (1 + np.exp(-logit))
                stack.learn(np.where(here, z, 0), self.power * residual, self.power * CURVATURE)
            self.top.learn(np.ones(len(levels), np.bool_), self.power * np.log(np.where(y > 0, levels, 1 - levels)))
        return mixed


class PlainNumbers(Plain):
    """For values (N,)."""

    def __init__(self, members: int, power: float) -> None:
        super().__init__(members, 0.0, NUMBER_VARIANCE)
        self.power = power
        self.ys: list[float] = []
        self.square, self.errors = 0.0, 0

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
        return np.clip(values, min(self.ys), max(self.ys)) if self.ys else values

    def _known(self, here: Mask, f: Doubles, y: float | None) -> float:
        mean, s = f[here].mean(), np.sqrt(self.square)
        x = np.where(here & (s > 0), np.clip((f - mean) / (s or 1), -LIMIT, LIMIT), 0.0)
        raised = [mean + s * (stack.theta @ x) for stack in self.stacks]
        levels = single(np.array([self.level.mean(here, f), *self._within(np.array(raised))]))
        mixed = float(single(self.top.w @ levels))
        if y is not None:
            if s > 0:
                self._learn(here, f, y, x, mean, s, levels)
            self.errors = min(self.errors + 1, int(LOOKBACK))
            squared = (y - mixed) ** 2
            squared = min(squared, GROWTH * self.square) if self.square > 0 else squared
            self.square += (squared - self.square) / self.errors
        return mixed

    def _learn(self, here: Mask, f: Doubles, y: float, x: Doubles, mean: float, s: float, levels: Doubles) -> None:
        self.level.learn(here, -self.power * np.minimum(((y - f[here]) / s) ** 2, LIMIT**2) / 2)
        for stack in self.stacks:
            residual = np.clip((y - mean) / s - stack.theta @ x, -LIMIT, LIMIT)
            stack.learn(x, self.power * residual, self.power)
        self.top.learn(np.ones(len(levels), np.bool_), -self.power * np.minimum(((y - levels) / s) ** 2, LIMIT**2) / 2)


def softmax(z: Doubles) -> Doubles:
    """(K,) → (K,)."""
    e = np.exp(z - z.max())
    return np.asarray(e / e.sum())
