"""Denormal numbers are flushed to zero inside a kernel.

On a quiet stream second moments, gradients and the bank decay towards zero, and arithmetic on denormals is ten to a
hundred times slower. x86 has a control register for it, which belongs to the thread: it is put back on leaving.
"""

import platform
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.typing import signature
from numba.extending import intrinsic

_FLUSH_TO_ZERO = 0x8000
_DENORMALS_ARE_ZERO = 0x0040
_WORD = ir.IntType(32)


def _register(builder: ir.IRBuilder, name: str, place: ir.Value) -> None:
    """Store (`stmxcsr`) or load (`ldmxcsr`) the SSE control register."""
    pointer = ir.PointerType(ir.IntType(8))
    function = builder.module.declare_intrinsic(f"llvm.x86.sse.{name}", (), ir.FunctionType(ir.VoidType(), [pointer]))
    builder.call(function, [builder.bitcast(place, pointer)])


def _has_register() -> bool:
    return platform.machine().lower() in {"x86_64", "amd64", "i386", "i686"}


@intrinsic
def flush_denormals(typing: Any) -> Any:
    """Flush denormals from here on; the mode there was before."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        if not _has_register():
            return ir.Constant(_WORD, 0)
        place = builder.alloca(_WORD)
        _register(builder, "stmxcsr", place)
        before = builder.load(place)
        builder.store(builder.or_(before, ir.Constant(_WORD, _FLUSH_TO_ZERO | _DENORMALS_ARE_ZERO)), place)
        _register(builder, "ldmxcsr", place)
        return before

    return signature(types.uint32), lower


@intrinsic
def restore_mode(typing: Any, mode: types.Integer) -> Any:
    """Back to the mode that `flush_denormals` found."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        if _has_register():
            place = builder.alloca(_WORD)
            builder.store(args[0], place)
            _register(builder, "ldmxcsr", place)
        return context.get_dummy_value()

    return signature(types.void, types.uint32), lower
