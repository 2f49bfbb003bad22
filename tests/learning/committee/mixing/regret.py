"""Losses of what was kept, and the best that could have been chosen with hindsight."""

import numpy as np

from streamer.learning.committee.mixing.binary import EPSILON, LEVELS, BinaryMixture
from streamer.learning.committee.mixing.classes import ClassMixture
from streamer.learning.committee.mixing.mixture import Doubles
from streamer.samples import Floats


def binary_losses(kept: Floats, ys: Floats) -> Doubles:
    """Nats (T, N + 5) of everyone's probability, held off 0 and 1; NaN for those absent."""
    p = np.clip(kept.astype(np.float64), EPSILON, 1 - EPSILON)
    return np.asarray(-np.log(np.where(ys[:, None] > 0, p, 1 - p)))


def class_losses(kept: Floats, ys: Floats, classes: int) -> Doubles:
    """The same, of samples whose class was found before; of others 0."""
    said = kept.reshape(len(ys), -1, classes).astype(np.float64)
    losses = np.zeros(said.shape[:2])
    found = 0
    for t, place in enumerate(ys.astype(int).tolist()):
        if place < found:
            members = said[t, : -1 - LEVELS, :found] + EPSILON
            members /= members.sum(axis=1, keepdims=True)
            losses[t] = -np.log(np.concatenate([members, said[t, -1 - LEVELS :, :found]])[:, place])
        found = max(found, place + 1)
    return losses


def run_binary(said: Floats, ys: Floats, horizon: int = 1) -> Doubles:
    """(T, N), (T,) → losses of samples where anyone was present."""
    mixture = BinaryMixture(said.shape[1], horizon=horizon)
    _, kept = mixture.step_many(said[:, :, None], ys)
    return binary_losses(kept, ys)[~np.isnan(said).all(axis=1)]


def run_classes(said: Floats, ys: Floats, horizon: int = 1) -> Doubles:
    """(T, N, C), (T,) → losses of samples where anyone was present."""
    mixture = ClassMixture(said.shape[1], classes=said.shape[2], horizon=horizon)
    _, kept = mixture.step_many(said, ys)
    return class_losses(kept, ys, said.shape[2])[~np.isnan(said[:, :, 0]).all(axis=1)]


def parts(losses: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Losses of members (T, N), one absent having that of level 1; of levels (T, 4); of what was published (T,)."""
    levels = losses[:, -1 - LEVELS : -1]
    members = losses[:, : -1 - LEVELS]
    return np.where(np.isnan(members), levels[:, :1], members), levels, losses[:, -1]


def best_sequences(losses: Doubles, switches: int) -> Doubles:
    """(T, N) → the least sum of losses of a sequence of members that changes 0, 1, …, `switches` times."""
    best = np.full((switches + 1, losses.shape[1]), np.inf)
    best[0] = losses[0]
    for row in losses[1:]:
        moved = np.full_like(best, np.inf)
        moved[1:] = best[:-1].min(axis=1, keepdims=True)
        best = np.minimum(best, moved) + row
    return np.asarray(np.minimum.accumulate(best.min(axis=1)))
