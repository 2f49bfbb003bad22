"""What of one stream is on disk, and what may therefore be forgotten by its producer.

One checkpoint of a stream is under way at a time, so that memory holds one copy of it at most, and the one that
follows is of the newest state and not of one that has waited.
"""

from collections import deque

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.store import NEEDED


class Durability:
    """Follows the checkpoints of one stream."""

    def __init__(self) -> None:
        self.serial = 0
        """Of the last checkpoint that was begun."""
        self.written_at: float | None = None
        """When the newest one was, seconds since 1970."""
        self.saving = False
        """Whether one is being written."""
        self.failing = False
        """Whether the last one could not be."""
        self.owed = 0
        """Checkpoints to be made whether anything is learned or not: a command must survive like a sample."""
        self.changes = 0
        """Events since the last checkpoint was begun."""
        self._being_saved = 0
        self._covered: deque[dict[str, int]] = deque(maxlen=NEEDED)

    @property
    def changed(self) -> bool:
        """Whether the next checkpoint would differ from the last one begun."""
        return self.changes > 0 or self.owed > 0

    @property
    def settled(self) -> bool:
        """Whether everything is covered as often as it has to be."""
        whole = len(self._covered) == NEEDED and self._covered[0] == self._covered[-1]
        return whole and not self.changed and not self.saving

    def acknowledged(self, epoch: str) -> int:
        """Events of a log that the second newest checkpoint covers."""
        return self._covered[0].get(epoch, 0) if len(self._covered) == NEEDED else 0

    def owe(self) -> None:
        """What no event says has changed. The checkpoint that is being written does not know of it."""
        self.owed = NEEDED + self.saving

    def begin(self) -> int:
        """A checkpoint is taken; its serial."""
        self.serial += 1
        self.saving = True
        self._being_saved, self.changes = self.changes, 0
        return self.serial

    def saved(self, checkpoint: Checkpoint) -> None:
        """It survives a loss of power."""
        self._covered.append(checkpoint.positions)
        self.written_at = checkpoint.written_at
        self.saving = self.failing = False
        self.owed = max(self.owed - 1, 0)

    def not_saved(self) -> None:
        """It could not be written: nothing more is acknowledged."""
        self.changes += self._being_saved
        self.owed = min(self.owed, NEEDED)  # none is under way that does not know
        self.saving, self.failing = False, True

    def resume(self, checkpoints: tuple[Checkpoint, ...]) -> None:
        """What was found on disk, newest first."""
        self.serial, self.written_at = checkpoints[0].serial, checkpoints[0].written_at
        self._covered.extend(checkpoint.positions for checkpoint in reversed(checkpoints[:NEEDED]))
