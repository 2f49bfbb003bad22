"""The reset-after GRU of `streamer.learning.network`, forward and backward, one block of N units at a time.

    r = σ(W_r x + U_r h + b_r),  z = σ(W_z x + U_z h + b_z),  m = U_n h + c,  n = tanh(W_n x + b_n + r ⊙ m)
    h' = n + z ⊙ (h − n)

With d = ∂L/∂h', the slopes at the pre-activations, and what goes back to h:

    δ_n = d ⊙ (1 − z) ⊙ (1 − n²)      δ_m = δ_n ⊙ r      δ_r = δ_n ⊙ m ⊙ r ⊙ (1 − r)
    δ_z = d ⊙ (h − n) ⊙ z ⊙ (1 − z)   ∂L/∂h = d ⊙ z + U_rᵀ δ_r + U_zᵀ δ_z + U_nᵀ δ_m

Stored by columns, so that a column's units are neighbours: W (F, 3, H), U (H, 3, H), H padded to whole vectors. A
padded unit has no weights: its h stays 0 and its slopes stay 0. Sums over units run in two chains, even and odd, since
an addition waits for the one before; where H is odd, the last odd term is a padded unit's.

A record of a step is h, r, z, n, m; a record of slopes is δ_r, δ_z, δ_n, δ_m.
"""

from streamer.learning.engines.fused.activations import sigmoid, tanh
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Field, Sizes
from streamer.learning.engines.fused.net import Net, filled, get, load, put, spread, store
from streamer.learning.engines.fused.storage import Storage
from streamer.learning.engines.fused.transpose import transpose_tile
from streamer.learning.engines.fused.vector import fma
from streamer.learning.network import shapes

RECORD = 5
SLOPES = 4


def fields(sizes: Sizes) -> list[Field]:
    """The parameters as stored."""
    shape = shapes(sizes.features, sizes.hidden)
    return [
        Field("W", shape["W"], (2, 0, 1)),
        Field("b", shape["b"], (0, 1)),
        Field("c", shape["c"], (0,)),
        Field("U", shape["U"], (2, 0, 1)),
    ]


def state(sizes: Sizes) -> dict[str, int]:
    """Zeros behind U, the last parameter, that make it whole tiles; and U by rows, made anew after each update."""
    column = 3 * sizes.units
    return {"U_margin": (sizes.units - sizes.hidden) * column, "U_rows": sizes.units * column}


def derive(storage: Storage) -> None:
    """What `changed` does, from outside a kernel."""
    units = storage.sizes.units
    end = storage.section("parameters").stop + len(storage["U_margin"])
    columns = storage.buffer[end - 3 * units**2 : end].reshape(units, 3, units)
    storage["U_rows"][:] = columns.transpose(2, 1, 0).ravel()


@kernel
def forward(net: Net, x: int, record: int) -> None:
    """From x (F,) and the record's h, the rest of the record, and h' at the head of the next one."""
    H = net.units
    for unit in range(0, H, net.lanes):
        r = load(net, net.b + unit)
        z = load(net, net.b + H + unit)
        n = load(net, net.b + 2 * H + unit)
        m = load(net, net.c + unit)
        for j in range(net.features):
            column = net.W + j * 3 * H + unit
            xj = spread(net, x + j)
            r = fma(load(net, column), xj, r)
            z = fma(load(net, column + H), xj, z)
            n = fma(load(net, column + 2 * H), xj, n)
        r_odd, z_odd, m_odd = filled(net, 0.0), filled(net, 0.0), filled(net, 0.0)
        for j in range(0, net.hidden, 2):
            column = net.U + j * 3 * H + unit
            hj = spread(net, record + j)
            r = fma(load(net, column), hj, r)
            z = fma(load(net, column + H), hj, z)
            m = fma(load(net, column + 2 * H), hj, m)
            hj = spread(net, record + j + 1)
            r_odd = fma(load(net, column + 3 * H), hj, r_odd)
            z_odd = fma(load(net, column + 4 * H), hj, z_odd)
            m_odd = fma(load(net, column + 5 * H), hj, m_odd)
        r = sigmoid(r + r_odd)
        z = sigmoid(z + z_odd)
        m = m + m_odd
        n = tanh(fma(r, m, n))
        store(net, record + H + unit, r)
        store(net, record + 2 * H + unit, z)
        store(net, record + 3 * H + unit, n)
        store(net, record + 4 * H + unit, m)
        store(net, record + net.record + unit, fma(z, load(net, record + unit) - n, n))


@kernel
def slopes(net: Net, record: int, delta: int) -> None:
    """From ∂L/∂h' at `net.dh`, the slopes δ at the pre-activations of the step."""
    H = net.units
    for unit in range(0, H, net.lanes):
        d = load(net, net.dh + unit)
        h = load(net, record + unit)
        r = load(net, record + H + unit)
        z = load(net, record + 2 * H + unit)
        n = load(net, record + 3 * H + unit)
        m = load(net, record + 4 * H + unit)
        dn = d * (1.0 - z) * (1.0 - n * n)
        store(net, delta + unit, dn * m * r * (1.0 - r))
        store(net, delta + H + unit, d * (h - n) * z * (1.0 - z))
        store(net, delta + 2 * H + unit, dn)
        store(net, delta + 3 * H + unit, dn * r)


@kernel
def back(net: Net, record: int, delta: int) -> None:
    """Replace ∂L/∂h' at `net.dh` by ∂L/∂h, the same of the step before."""
    H = net.units
    for unit in range(0, H, net.lanes):
        r = load(net, net.dh + unit) * load(net, record + 2 * H + unit)
        z, m = filled(net, 0.0), filled(net, 0.0)
        r_odd, z_odd, m_odd = filled(net, 0.0), filled(net, 0.0), filled(net, 0.0)
        for i in range(0, net.hidden, 2):
            row = net.U_rows + i * 3 * H + unit
            r = fma(load(net, row), spread(net, delta + i), r)
            z = fma(load(net, row + H), spread(net, delta + H + i), z)
            m = fma(load(net, row + 2 * H), spread(net, delta + 3 * H + i), m)
            r_odd = fma(load(net, row + 3 * H), spread(net, delta + i + 1), r_odd)
            z_odd = fma(load(net, row + 4 * H), spread(net, delta + H + i + 1), z_odd)
            m_odd = fma(load(net, row + 5 * H), spread(net, delta + 3 * H + i + 1), m_odd)
        store(net, net.dh + unit, (r + r_odd) + (z + z_odd) + (m + m_odd))


@kernel
def _column(net: Net, to: int, source: int, stride: int, delta: int, candidate: int, steps: int) -> None:
    """One column's gradient for the three gates: Σ_k δ_k s_k, with s_k at `source` and δ_n or δ_m for the candidate."""
    H = net.units
    r = filled(net, 0.0)
    z = filled(net, 0.0)
    n = filled(net, 0.0)
    for k in range(steps):
        s = spread(net, source + k * stride)
        slope = delta + k * net.slopes
        r = fma(load(net, slope), s, r)
        z = fma(load(net, slope + H), s, z)
        n = fma(load(net, slope + candidate), s, n)
    store(net, to, r)
    store(net, to + H, z)
    store(net, to + 2 * H, n)


@kernel
def _biases(net: Net, unit: int, delta: int, steps: int) -> None:
    """The gradient of b and c: Σ_k δ_k."""
    H = net.units
    r = filled(net, 0.0)
    z = filled(net, 0.0)
    n = filled(net, 0.0)
    m = filled(net, 0.0)
    for k in range(steps):
        slope = delta + k * net.slopes + unit
        r = r + load(net, slope)
        z = z + load(net, slope + H)
        n = n + load(net, slope + 2 * H)
        m = m + load(net, slope + 3 * H)
    store(net, net.gradient + net.b + unit, r)
    store(net, net.gradient + net.b + H + unit, z)
    store(net, net.gradient + net.b + 2 * H + unit, n)
    store(net, net.gradient + net.c + unit, m)


@kernel
def accumulate(net: Net, x: int, records: int, delta: int, steps: int) -> None:
    """The gradient of all parameters of the cell, summed over consecutive steps: inputs, records and slopes in turn."""
    H = net.units
    for unit in range(0, H, net.lanes):
        for j in range(net.features):
            to = net.gradient + net.W + j * 3 * H + unit
            _column(net, to, x + j, net.features, delta + unit, 2 * H, steps)
        for j in range(net.hidden):
            to = net.gradient + net.U + j * 3 * H + unit
            _column(net, to, records + j, net.record, delta + unit, 3 * H, steps)
        _biases(net, unit, delta, steps)


@kernel
def changed(net: Net) -> None:
    """The parameters have new values: make U's rows anew."""
    H = net.units
    for gate in range(3):
        for i in range(0, H, net.lanes):
            for j in range(0, H, net.lanes):
                to = net.U_rows + i * 3 * H + gate * H + j
                transpose_tile(net, to, 3 * H, net.U + j * 3 * H + gate * H + i, 3 * H)


@kernel
def jacobian(net: Net, record: int, delta: int, to: int) -> None:
    """J = ∂h'/∂h by columns (H, H), from the slopes for ∂L/∂h' = 1.

    J_ij = z_i [i = j] + δ_r,i U_r,ij + δ_z,i U_z,ij + δ_m,i U_n,ij
    """
    H = net.units
    for j in range(net.hidden):
        for unit in range(0, H, net.lanes):
            column = net.U + j * 3 * H + unit
            a = load(net, delta + unit) * load(net, column)
            a = fma(load(net, delta + H + unit), load(net, column + H), a)
            a = fma(load(net, delta + 3 * H + unit), load(net, column + 2 * H), a)
            store(net, to + j * H + unit, a)
        put(net, to + j * H + j, get(net, to + j * H + j) + get(net, record + 2 * H + j))
