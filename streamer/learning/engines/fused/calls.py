"""Calls of kernels by their addresses: which ones need not be known when the caller is compiled.

Kernels of all plans take the same arguments but for the type of `net`, and that is a pointer in all of them.
"""

from typing import Any

from llvmlite import ir
from numba import carray, types
from numba.core import cgutils
from numba.core.typing import signature
from numba.extending import intrinsic

from streamer.learning.engines.fused.counts import CLASSES
from streamer.learning.engines.fused.kernel import kernel

KERNEL, NET, COUNTS = range(3)
"""Places in a frame, of addresses: of a kernel, and of the buffer and the counts of the learner that it works on."""


@kernel
def counts_of(frame: Any) -> Any:
    """The counts of a frame's learner."""
    return carray(_integers(frame[COUNTS]), CLASSES + 1)


@intrinsic
def _integers(typing: Any, address: types.Integer) -> Any:
    """A pointer to int64, of its address."""
    pointer = types.CPointer(types.int64)

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        return builder.inttoptr(args[0], context.get_value_type(pointer))

    return signature(pointer, types.int64), lower


@intrinsic
def call(typing: Any, entry: types.Integer, net: types.Integer, arguments: types.BaseTuple) -> Any:
    """Call the kernel that begins at an address, with the address of a buffer.

    The arguments must be of just the types that it was compiled for: nothing looks after that.
    """
    kinds = (types.voidptr, *arguments.types)

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        function = ir.PointerType(context.call_conv.get_function_type(types.void, kinds))
        values = [builder.inttoptr(args[1], context.get_value_type(types.voidptr))]
        values += cgutils.unpack_tuple(builder, args[2])
        target = builder.inttoptr(args[0], function)
        status, _ = context.call_conv.call_function(builder, target, types.void, kinds, values)
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
        return context.get_dummy_value()

    return signature(types.void, types.int64, types.int64, arguments), lower
