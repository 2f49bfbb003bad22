"""What the loop wants done. It does nothing itself, so that a test can run a whole daemon without a socket or disk."""

from dataclasses import dataclass

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.transport.seam import Peer
from streamer.wire.messages import Message


@dataclass(frozen=True, slots=True)
class Send:
    """Send a message; if it cannot be sent, tell the loop by `unreachable`."""

    peer: Peer
    message: Message
    payload: bytes = b""


@dataclass(frozen=True, slots=True, eq=False)
class Save:
    """Write a checkpoint; tell the loop by `saved` or `not_saved`."""

    checkpoint: Checkpoint


Action = Send | Save
