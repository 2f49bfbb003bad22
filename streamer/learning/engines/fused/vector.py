"""A SIMD vector as a value: `<N x float>` with the arithmetic operators, so that a kernel reads like its equations.

Loops over arrays keep their accumulators in memory, because arrays may alias; a value of this type lives in a register.
Operators take vectors, or a vector and a number, which stands for a vector of equal lanes. Nothing is reordered.
"""

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel.models import PrimitiveModel
from numba.core.datamodel.registry import register_default
from numba.core.typing import signature
from numba.core.typing.templates import AbstractTemplate, infer_global
from numba.extending import intrinsic, lower_builtin

Vector: TypeAlias = Any
"""In a kernel's annotations: a value of `VectorType`. Its type is known to numba, not to a type checker."""

FLOAT = ir.FloatType()


class VectorType(types.Type):
    """The numba type of N float32 lanes."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        super().__init__(name=f"vector{lanes}")


@register_default(VectorType)
class VectorModel(PrimitiveModel):
    """Held as LLVM's own vector."""

    def __init__(self, manager: Any, kind: VectorType) -> None:
        super().__init__(manager, kind, ir.VectorType(FLOAT, kind.lanes))


def splat(builder: ir.IRBuilder, value: ir.Value, lanes: int) -> ir.Value:
    """A vector of equal lanes."""
    kind = ir.VectorType(FLOAT, lanes)
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    return shuffle(builder, first, first, [0] * lanes)


def shuffle(builder: ir.IRBuilder, left: ir.Value, right: ir.Value, lanes: list[int]) -> ir.Value:
    """The given lanes of `left` and, counted on, `right`."""
    mask = ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), lanes)
    return builder.shuffle_vector(left, right, mask)


def call(builder: ir.IRBuilder, name: str, *args: ir.Value) -> ir.Value:
    """LLVM's intrinsic function of this name for arguments of one vector type."""
    kind = args[0].type
    function = ir.FunctionType(kind, [kind] * len(args))
    full = f"{name}.v{kind.count}f32"
    return builder.call(cgutils.get_or_insert_function(builder.module, function, full), args)


def _vector(context: Any, builder: ir.IRBuilder, kind: types.Type, value: ir.Value, lanes: int) -> ir.Value:
    """The value itself, or a number spread over the lanes."""
    if isinstance(kind, VectorType):
        return value
    return splat(builder, context.cast(builder, value, kind, types.float32), lanes)


def _common(kinds: tuple[types.Type, ...]) -> VectorType | None:
    """The vector type among the arguments, if there is one and all others are the same or numbers."""
    vectors = [kind for kind in kinds if isinstance(kind, VectorType)]
    fits = all(kind in vectors[:1] or isinstance(kind, (types.Float, types.Integer)) for kind in kinds)
    return vectors[0] if vectors and fits else None


def _operator(function: Callable[..., Any], instruction: Callable[..., ir.Value]) -> None:
    """Give vectors the operator `function`, made of one instruction of the IR builder."""

    @infer_global(function)
    class Template(AbstractTemplate):
        key = function

        def generic(self, args: tuple[types.Type, ...], kws: Any) -> Any:
            kind = _common(args)
            return None if kind is None else signature(kind, *args)

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        lanes = sig.return_type.lanes
        return instruction(
            builder, *(_vector(context, builder, *pair, lanes) for pair in zip(sig.args, args, strict=True))
        )

    number = (VectorType, types.Float, types.Integer)
    for left in number:
        for right in number:
            if VectorType in (left, right):
                lower_builtin(function, left, right)(lower)


_operator(operator.add, ir.IRBuilder.fadd)
_operator(operator.sub, ir.IRBuilder.fsub)
_operator(operator.mul, ir.IRBuilder.fmul)
_operator(operator.truediv, ir.IRBuilder.fdiv)


@intrinsic
def fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a · b + c, rounded once."""
    kind = _common((a, b, c))
    if kind is None:
        return None

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        vectors = [_vector(context, builder, *pair, kind.lanes) for pair in zip(sig.args, args, strict=True)]
        return call(builder, "llvm.fma", *vectors)

    return signature(kind, a, b, c), lower


@intrinsic
def sqrt(typing: Any, a: VectorType) -> Any:
    """√a, correctly rounded."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        return call(builder, "llvm.sqrt", *args)

    return signature(a, a), lower


@intrinsic
def at_most(typing: Any, a: VectorType, limit: types.Float) -> Any:
    """a, but for what is more than the limit. NaN stays NaN."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        high = _vector(context, builder, sig.args[1], args[1], a.lanes)
        return builder.select(builder.fcmp_ordered("<", high, args[0]), high, args[0])

    return signature(a, a, limit), lower


@intrinsic
def clamp(typing: Any, a: VectorType, limit: types.Float) -> Any:
    """a held within ±limit. NaN stays NaN: a broken number must reach the guard, not hide as the limit."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        high = _vector(context, builder, sig.args[1], args[1], a.lanes)
        low = builder.fneg(high)
        capped = builder.select(builder.fcmp_ordered("<", high, args[0]), high, args[0])
        return builder.select(builder.fcmp_ordered(">", low, capped), low, capped)

    return signature(a, a, limit), lower


@intrinsic
def total(typing: Any, a: VectorType) -> Any:
    """The sum of the lanes, halves first: always in the same order."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        value, lanes = args[0], a.lanes
        while lanes > 1:
            lanes //= 2
            left = shuffle(builder, value, value, list(range(lanes)))
            right = shuffle(builder, value, value, list(range(lanes, 2 * lanes)))
            value = builder.fadd(left, right)
        return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))

    return signature(types.float32, a), lower
