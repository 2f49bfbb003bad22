"""Square tiles of a matrix, transposed in registers.

The forward pass reads the columns of U, the backward pass its rows, both as whole vectors; so both layouts are kept,
and one is made from the other after each update. log₂ N rounds of shuffles for a tile of N × N.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core.typing import signature
from numba.extending import intrinsic

from streamer.learning.engines.fused.net import NetType
from streamer.learning.engines.fused.vector import FLOAT, shuffle


def transposed(builder: ir.IRBuilder, rows: list[ir.Value]) -> list[ir.Value]:
    """N vectors of N lanes, lane j of vector i becoming lane i of vector j.

    Each round interleaves vector i with vector i + N/2; after log₂ N rounds every bit of the index has moved from the
    vector's number to the lane's.
    """
    size = len(rows)
    low = [lane for pair in zip(range(size // 2), range(size, size + size // 2), strict=True) for lane in pair]
    high = [lane + size // 2 for lane in low]
    for _ in range(size.bit_length() - 1):
        pairs = list(zip(rows[: size // 2], rows[size // 2 :], strict=True))
        rows = [shuffle(builder, a, b, lanes) for a, b in pairs for lanes in (low, high)]
    return rows


@intrinsic
def transpose_tile(
    typing: Any, net: NetType, to: types.Integer, to_stride: types.Integer, of: types.Integer, of_stride: types.Integer
) -> Any:
    """Read N vectors `of_stride` apart, write the transposed N vectors `to_stride` apart."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        base, to, to_stride, of, of_stride = args
        lanes = net.vector.lanes
        pointer = ir.PointerType(ir.VectorType(FLOAT, lanes))

        def place(start: ir.Value, stride: ir.Value, row: int) -> ir.Value:
            index = builder.add(start, builder.mul(stride, ir.Constant(stride.type, row)))
            return builder.bitcast(builder.gep(base, [index], source_etype=FLOAT), pointer)

        kind = ir.VectorType(FLOAT, lanes)
        rows = [builder.load(place(of, of_stride, row), align=4, typ=kind) for row in range(lanes)]
        for row, value in enumerate(transposed(builder, rows)):
            builder.store(value, place(to, to_stride, row), align=4)
        return context.get_dummy_value()

    return signature(types.void, net, *[types.intp] * 4), lower
