"""What a kernel gets of a learner: `net`, a pointer to its numbers whose type carries its plan.

`net.hidden`, `net.U` and so on are constants of the compiled code, taken from the plan; `load(net, net.U + 16)` reads
the buffer; `net.cell` is the module of the cell that the plan names. So every plan gets a kernel of its own.
"""

from collections.abc import Hashable, Mapping
from types import ModuleType
from typing import Any, Protocol, TypeAlias

from llvmlite import ir
from numba import types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.datamodel.registry import register_default
from numba.core.typing import signature
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, intrinsic, lower_getattr_generic, unbox

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.vector import FLOAT, VectorType, splat

Net: TypeAlias = Any
"""In a kernel's annotations: a value of `NetType`."""


class Facts(Hashable, Protocol):
    """What a plan says to the compiler. Hashable: equal plans share a kernel."""

    @property
    def lanes(self) -> int:
        """N, the floats of a vector."""
        ...

    @property
    def digest(self) -> str:
        """A short name for symbols."""
        ...

    @property
    def pieces(self) -> Mapping[str, ModuleType]:
        """Kind of piece → its file."""
        ...

    @property
    def constants(self) -> Mapping[str, int]:
        """What a kernel may read of a net as an integer."""
        ...


class NetType(types.Type):
    """The numba type of a pointer to the buffer of a learner with this plan."""

    def __init__(self, plan: Facts) -> None:
        self.plan = plan
        self.vector = VectorType(plan.lanes)
        super().__init__(name=f"net{plan.digest}")

    @property
    def key(self) -> Any:
        """Two types are one if their plans are equal."""
        return self.plan


@register_default(NetType)
class NetModel(PrimitiveModel):
    """Held as a pointer to float32."""

    def __init__(self, manager: Any, kind: NetType) -> None:
        super().__init__(manager, kind, ir.PointerType(FLOAT))


@unbox(NetType)
def _from_address(kind: NetType, address: Any, c: Any) -> NativeValue:
    """In Python a net is the address of its buffer, an int; whoever passes it keeps the buffer alive."""
    pointer = c.pyapi.long_as_voidptr(address)
    return NativeValue(c.builder.bitcast(pointer, ir.PointerType(FLOAT)))


@infer_getattr
class _Attributes(AttributeTemplate):
    """Integers are constants, pieces are modules."""

    key = NetType

    def generic_resolve(self, net: NetType, name: str) -> types.Type | None:
        if name in net.plan.pieces:
            return types.Module(net.plan.pieces[name])
        return types.intp if name in net.plan.constants else None


@lower_getattr_generic(NetType)
def _constant(context: Any, builder: ir.IRBuilder, net: NetType, value: ir.Value, name: str) -> ir.Value:
    if name in net.plan.pieces:
        return context.get_dummy_value()
    return context.get_constant(types.intp, net.plan.constants[name])


def _address(builder: ir.IRBuilder, net: ir.Value, index: ir.Value, lanes: int = 1) -> ir.Value:
    pointer = builder.gep(net, [index], source_etype=FLOAT)
    return builder.bitcast(pointer, ir.PointerType(ir.VectorType(FLOAT, lanes) if lanes > 1 else FLOAT))


@intrinsic
def load(typing: Any, net: NetType, index: types.Integer) -> Any:
    """The vector that begins at `index`."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        kind = ir.VectorType(FLOAT, net.vector.lanes)
        return builder.load(_address(builder, args[0], args[1], net.vector.lanes), align=4, typ=kind)

    return signature(net.vector, net, types.intp), lower


@intrinsic
def store(typing: Any, net: NetType, index: types.Integer, value: VectorType) -> Any:
    """Write the vector that begins at `index`."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        builder.store(args[2], _address(builder, args[0], args[1], net.vector.lanes), align=4)
        return context.get_dummy_value()

    return signature(types.void, net, types.intp, net.vector), lower


@intrinsic
def spread(typing: Any, net: NetType, index: types.Integer) -> Any:
    """A vector of equal lanes: the number at `index`."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        value = builder.load(_address(builder, *args), align=4, typ=FLOAT)
        return splat(builder, value, net.vector.lanes)

    return signature(net.vector, net, types.intp), lower


@intrinsic
def filled(typing: Any, net: NetType, number: types.Number) -> Any:
    """A vector of equal lanes: a given number."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        return splat(builder, context.cast(builder, args[1], number, types.float32), net.vector.lanes)

    return signature(net.vector, net, number), lower


@intrinsic
def get(typing: Any, net: NetType, index: types.Integer) -> Any:
    """The number at `index`."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        return builder.load(_address(builder, *args), align=4, typ=FLOAT)

    return signature(types.float32, net, types.intp), lower


@intrinsic
def put(typing: Any, net: NetType, index: types.Integer, number: types.Number) -> Any:
    """Write the number at `index`."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        builder.store(context.cast(builder, args[2], number, types.float32), _address(builder, *args[:2]), align=4)
        return context.get_dummy_value()

    return signature(types.void, net, types.intp, number), lower


@kernel
def move(net: Net, to: int, source: int, count: int) -> None:
    """Copy `count` numbers, in whole vectors, to a place that may overlap from below.

    Up to N − 1 numbers after the end are written too; every section leaves room for that.
    """
    for i in range(0, count, net.lanes):
        store(net, to + i, load(net, source + i))
