"""A list of arrays as a compiled function takes it: one argument for any number of arrays of one type.

The list owns the arrays, and whoever calls holds the list; so the compiled side counts no references.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel.models import PrimitiveModel
from numba.core.datamodel.registry import register_default
from numba.core.typing import signature
from numba.extending import NativeValue, intrinsic, unbox


class BlocksType(types.Type):
    """The numba type of a list of arrays of one numba type."""

    def __init__(self, item: types.Array) -> None:
        self.item = item
        super().__init__(name=f"blocks({item})")


@register_default(BlocksType)
class BlocksModel(PrimitiveModel):
    """Held as a pointer to numba's descriptions of the arrays, one after the other."""

    def __init__(self, manager: Any, kind: BlocksType) -> None:
        super().__init__(manager, kind, ir.PointerType(manager.lookup(kind.item).get_value_type()))


@unbox(BlocksType)
def _from_list(kind: BlocksType, blocks: Any, c: Any) -> NativeValue:
    """In Python it is a list; what is no array of the right size in it is a TypeError, as numba's own arguments are."""
    builder, item = c.builder, c.context.get_value_type(kind.item)
    count = c.pyapi.list_size(blocks)
    place = builder.alloca(item, size=count)
    failed = cgutils.alloca_once_value(builder, cgutils.false_bit)
    with cgutils.for_range(builder, count) as loop:
        native = c.unbox(kind.item, c.pyapi.list_getitem(blocks, loop.index))
        with builder.if_else(native.is_error, likely=False) as (wrong, right):
            with wrong:
                builder.store(cgutils.true_bit, failed)
                loop.do_break()
            with right:
                _borrow(kind, native.value, builder.gep(place, [loop.index], source_etype=item), c)
    return NativeValue(place, is_error=builder.load(failed))


def _borrow(kind: BlocksType, value: ir.Value, to: ir.Value, c: Any) -> None:
    """An array's description, of an array that is somebody else's."""
    array = c.context.make_array(kind.item)(c.context, c.builder, value=value)
    c.context.nrt.decref(c.builder, kind.item, value)
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    c.builder.store(array._getvalue(), to)


@intrinsic
def block(typing: Any, blocks: BlocksType, index: types.Integer) -> Any:
    """The array at `index`."""

    def lower(context: Any, builder: ir.IRBuilder, sig: Any, args: list[ir.Value]) -> ir.Value:
        item = context.get_value_type(blocks.item)
        return builder.load(builder.gep(args[0], [args[1]], source_etype=item), typ=item)

    return signature(blocks.item, blocks, types.intp), lower
