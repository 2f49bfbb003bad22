"""Symmetric matrices side by side, one in each lane, as lower triangles row by row.

A row is n vectors, of which lane l belongs to matrix l. So no sum runs across lanes, and each runs over its terms in
their order: a term that is 0 leaves every bit as it would be without it.
"""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, filled, load, store
from streamer.learning.engines.fused.vector import Vector, at_most, fma


@kernel
def times(net: Net, matrix: int, x: int, out: int, n: int) -> Vector:
    """Out ← M x, with x and out (n,) for each lane; the return value is x · M x.

    A number beside the diagonal is read once, for its row and for its column; rows are read in pairs.
    """
    N = net.lanes
    for i in range(0, n - 1, 2):
        _times_pair(net, matrix, x, out, i)
        matrix += (2 * i + 3) * N
    if n % 2:
        sums = filled(net, 0.0)
        last = load(net, x + (n - 1) * N)
        for k in range(n - 1):
            m = load(net, matrix + k * N)
            sums = fma(m, load(net, x + k * N), sums)
            store(net, out + k * N, fma(m, last, load(net, out + k * N)))
        store(net, out + (n - 1) * N, fma(load(net, matrix + (n - 1) * N), last, sums))
    product = filled(net, 0.0)
    for i in range(n):
        product = fma(load(net, out + i * N), load(net, x + i * N), product)
    return product


@kernel
def _times_pair(net: Net, matrix: int, x: int, out: int, i: int) -> None:
    """The terms of rows i and i + 1, the first of which begins at `matrix`."""
    N = net.lanes
    below = matrix + (i + 1) * N
    xi, xj = load(net, x + i * N), load(net, x + (i + 1) * N)
    upper, lower = filled(net, 0.0), filled(net, 0.0)
    for k in range(i):
        m, b, xk = load(net, matrix + k * N), load(net, below + k * N), load(net, x + k * N)
        upper, lower = fma(m, xk, upper), fma(b, xk, lower)
        store(net, out + k * N, fma(b, xj, fma(m, xi, load(net, out + k * N))))
    corner = load(net, below + i * N)
    store(net, out + i * N, fma(corner, xj, fma(load(net, matrix + i * N), xi, upper)))
    store(net, out + (i + 1) * N, fma(load(net, below + (i + 1) * N), xj, fma(corner, xi, lower)))


@kernel
def shrink(net: Net, matrix: int, u: int, n: int, rate: Vector, growth: float, limit: float) -> None:
    """M ← M − rate u u', then its diagonal grows, up to the limit."""
    N = net.lanes
    for i in range(n):
        ui = (0.0 - rate) * load(net, u + i * N)
        for k in range(i):
            store(net, matrix + k * N, fma(ui, load(net, u + k * N), load(net, matrix + k * N)))
        variance = fma(ui, load(net, u + i * N), load(net, matrix + i * N)) + growth
        store(net, matrix + i * N, at_most(variance, limit))
        matrix += (i + 1) * N
