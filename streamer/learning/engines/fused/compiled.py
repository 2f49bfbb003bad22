"""From a plan to its compiled kernel."""

from collections.abc import Callable

from numba import njit, types

from streamer.learning.engines.fused.net import NetType
from streamer.learning.engines.fused.plan import Plan
from streamer.learning.engines.fused.step import step_many

_dispatcher = njit(nogil=True, error_model="numpy")(step_many)


def compiled(plan: Plan) -> Callable[..., None]:
    arguments = (
        NetType(plan),
        types.int64[::1],
        types.float32[:, ::1],
        types.float32[::1],
        types.float32[::1],
        types.boolean,
    )
    _dispatcher.compile(types.void(*arguments))
    return _dispatcher.overloads[arguments].entry_point
