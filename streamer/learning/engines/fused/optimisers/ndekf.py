"""The node-decoupled extended Kalman filter of `streamer.learning.kalman`, for one output.

    S = R + Σ j'Pj,   θ ← θ + P j e / S,   P ← P − P j (P j)' / S,   P_ii ← min(P_ii + q, P₀)      for each block

The backward pass begins with 1 in place of ∂L/∂output, so that `net.gradient` holds j. As in W and U, the units of a
gate are neighbours: the blocks of N units are N triangles side by side. The head's block is a square (D, D) in the
order of the buffer, v and a, with rows of zeros where that is padded.
"""

import math
from collections.abc import Iterator

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Sizes
from streamer.learning.engines.fused.net import Net, filled, get, load, put, spread, store
from streamer.learning.engines.fused.storage import Storage
from streamer.learning.engines.fused.triangles import shrink, times
from streamer.learning.engines.fused.vector import Vector, fma, sqrt, total
from streamer.learning.kalman import (
    FIRST_NOISE,
    NODES,
    NOISE_FLOOR,
    NOISE_MEMORY,
    PRIOR,
    PROCESS,
    entries,
    first_triangle,
    triangle,
)
from streamer.samples import Arrays, Floats, Numbers

STATE: tuple[str, ...] = ()


def state(sizes: Sizes) -> dict[str, int]:
    """P of the gates' nodes and of the head; R."""
    numbers = sum(map(triangle, entries(sizes.features, sizes.hidden)))
    return {"node_covariance": numbers * sizes.units, "head_covariance": _head(sizes) ** 2, "noise": 1}


def scratch(sizes: Sizes) -> dict[str, int]:
    """J and P j of each block, e, and S."""
    nodes = sum(entries(sizes.features, sizes.hidden)) * sizes.units
    return {"sensitivities": nodes, "node_gains": nodes, "head_gains": _head(sizes), "innovation": 1, "variance": 1}


def prepare(storage: Storage, settings: LearnerSettings) -> None:
    """The prior."""
    storage["noise"][:] = FIRST_NOISE
    for blocks in _nodes(storage):
        blocks[:] = first_triangle(_order(blocks))[:, None]
    head = np.zeros((_head(storage.sizes),) * 2, np.float32)
    places = _places(storage.sizes)
    head[places, places] = PRIOR
    storage["head_covariance"][:] = head.ravel()


def export(storage: Storage) -> Arrays:
    """R (); lower triangles, row by row: of each gate's nodes (H, …), and of the head (…)."""
    H = storage.sizes.hidden
    arrays = {
        f"optimiser.covariance.{name}": np.moveaxis(blocks, 1, 2).reshape(-1, blocks.shape[1])[:H].copy()
        for name, blocks in zip(NODES, _nodes(storage), strict=True)
    }
    head = storage["head_covariance"].reshape((_head(storage.sizes),) * 2)
    arrays["optimiser.covariance.head"] = head[_triangle_places(storage.sizes)]
    return arrays | {"optimiser.noise": storage["noise"][0].copy()}


def restore(storage: Storage, arrays: Arrays) -> None:
    """The inverse of `export`."""
    storage["noise"][:] = arrays["optimiser.noise"]
    for name, blocks in zip(NODES, _nodes(storage), strict=True):
        units = np.zeros((storage.sizes.units, blocks.shape[1]), np.float32)
        units[: storage.sizes.hidden] = arrays[f"optimiser.covariance.{name}"]
        blocks[:] = np.moveaxis(units.reshape(len(blocks), -1, blocks.shape[1]), 1, 2)
    rows, columns = _triangle_places(storage.sizes)
    head = storage["head_covariance"].reshape((_head(storage.sizes),) * 2)
    head[rows, columns] = head[columns, rows] = arrays["optimiser.covariance.head"]


def _head(sizes: Sizes) -> int:
    """D: v and a, padded."""
    return sizes.units + sizes.lanes


def _places(sizes: Sizes) -> Numbers:
    """Where the weights of the head are among D."""
    return np.array([*range(sizes.hidden), sizes.units])


def _triangle_places(sizes: Sizes) -> tuple[Numbers, Numbers]:
    places = _places(sizes)
    rows, columns = np.tril_indices(len(places))
    return places[rows], places[columns]


def _nodes(storage: Storage) -> Iterator[Floats]:
    """The part of each gate: (blocks of units, numbers of a triangle, lanes)."""
    sizes, end = storage.sizes, 0
    for count in map(triangle, entries(sizes.features, sizes.hidden)):
        start, end = end, end + count * sizes.units
        yield storage["node_covariance"][start:end].reshape(-1, count, sizes.lanes)


def _order(blocks: Floats) -> int:
    """N of n × n matrices whose triangles these are."""
    return int(np.sqrt(2 * blocks.shape[1]))


@kernel
def begin(net: Net) -> None:
    """The backward pass begins with 1, and the loss's slope becomes e."""
    put(net, net.innovation, -get(net, net.output_slopes) / net.loss.CURVATURE)
    put(net, net.output_slopes, 1.0)


@kernel
def admits(net: Net) -> bool:
    """P j of all blocks, and S; whether the update is finite. The gradient that is left to be seen is the loss's."""
    variance = total(_head_gains(net) + _node_gains(net)) + _noise(net)
    put(net, net.variance, variance)
    slope = get(net, net.innovation) * net.loss.CURVATURE
    put(net, net.gradient_square, get(net, net.gradient_square) * slope * slope)
    return math.isfinite(get(net, net.gradient_square)) and math.isfinite(variance)


@kernel
def update(net: Net, updates: int) -> None:
    """One step of all parameters along their gains; then of P and R."""
    e = get(net, net.innovation)
    step = filled(net, e / get(net, net.variance))
    rate = filled(net, 1.0) / spread(net, net.variance)
    _update_head(net, step, rate)
    _update_nodes(net, step, rate)
    if not net.loss.NOISE_IS_KNOWN:
        put(net, net.noise, get(net, net.noise) + (e * e - get(net, net.noise)) / NOISE_MEMORY)


@kernel
def _noise(net: Net) -> float:
    """R."""
    return max(get(net, net.noise), NOISE_FLOOR)


@kernel
def _count(net: Net, gate: int) -> int:
    """Weights of a gate's node."""
    return net.features + net.hidden + 1 + gate // 2


@kernel
def _place(net: Net, gate: int, i: int) -> int:
    """Where the i-th weight of a gate's nodes is in a section of parameters."""
    column = 3 * net.units
    if i < net.features:
        return net.W + i * column + gate * net.units
    if i < net.features + net.hidden:
        return net.U + (i - net.features) * column + gate * net.units
    if i == net.features + net.hidden:
        return net.b + gate * net.units
    return net.c


@kernel
def _node_gains(net: Net) -> Vector:
    """P j of the gates' nodes, to `net.node_gains`; Σ j'Pj by lanes."""
    sums = filled(net, 0.0)
    covariance, at = net.node_covariance, 0
    for gate in range(3):
        n = _count(net, gate)
        for unit in range(0, net.units, net.lanes):
            for i in range(n):
                j = load(net, net.gradient + _place(net, gate, i) + unit)
                store(net, net.sensitivities + at + i * net.lanes, j)
            sums = sums + times(net, covariance, net.sensitivities + at, net.node_gains + at, n)
            covariance += n * (n + 1) // 2 * net.lanes
            at += n * net.lanes
    return sums


@kernel
def _update_nodes(net: Net, step: Vector, rate: Vector) -> None:
    """The weights of the gates, and their P."""
    covariance, gains = net.node_covariance, net.node_gains
    for gate in range(3):
        n = _count(net, gate)
        for unit in range(0, net.units, net.lanes):
            for i in range(n):
                at = _place(net, gate, i) + unit
                store(net, at, fma(load(net, gains + i * net.lanes), step, load(net, at)))
            shrink(net, covariance, gains, n, rate, PROCESS, PRIOR)
            covariance += n * (n + 1) // 2 * net.lanes
            gains += n * net.lanes


@kernel
def _head_gains(net: Net) -> Vector:
    """P j of the head, to `net.head_gains`; j'Pj by lanes."""
    D = net.units + net.lanes
    sums = filled(net, 0.0)
    for at in range(0, D, net.lanes):
        gain = spread(net, net.gradient + net.a) * load(net, net.head_covariance + net.units * D + at)
        for i in range(net.hidden):
            gain = fma(spread(net, net.gradient + i), load(net, net.head_covariance + i * D + at), gain)
        store(net, net.head_gains + at, gain)
        sums = fma(gain, load(net, net.gradient + at), sums)
    return sums


@kernel
def _update_head(net: Net, step: Vector, rate: Vector) -> None:
    """V and a, and their P.

    Both factors of P j (P j)' / S get their share of 1 / S, so that rounding leaves the square symmetric: a snapshot
    has half of it.
    """
    root = sqrt(rate)
    for at in range(0, net.units + net.lanes, net.lanes):
        gain = load(net, net.head_gains + at)
        store(net, at, fma(gain, step, load(net, at)))
        store(net, net.head_gains + at, gain * root)
    for i in range(net.hidden):
        _update_head_row(net, i)
    _update_head_row(net, net.units)


@kernel
def _update_head_row(net: Net, i: int) -> None:
    D = net.units + net.lanes
    row = net.head_covariance + i * D
    u = 0.0 - spread(net, net.head_gains + i)
    for at in range(0, D, net.lanes):
        store(net, row + at, fma(u, load(net, net.head_gains + at), load(net, row + at)))
    put(net, row + i, min(get(net, row + i) + PROCESS, PRIOR))
