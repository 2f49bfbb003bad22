"""No pull."""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net

STATE: tuple[str, ...] = ()


@kernel
def pull(net: Net) -> None:
    """The parameters stay where they are."""
