"""Lines from a descriptor: a program's output into our stdin."""

import os
import select

from streamer.transport.intake import Arrival
from streamer.transport.seam import Parts

CHUNK_BYTES = 65_536
"""Read at once."""


class LineIntake:
    """Lines of a file, a pipe or a terminal, read as they come. A last one without its newline is not whole."""

    lossy = False
    endpoint = "stdin"

    def __init__(self, descriptor: int, *, most_bytes: int) -> None:
        self.pollable = descriptor
        self.ended = False
        self._most = most_bytes
        self._begun = b""
        self._skipping = False
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)

    def receive(self) -> list[Arrival]:
        """The lines that end in what is there now, one read of it."""
        if self.ended or not self._poll.poll(0):
            return []
        if not (chunk := self._read()):
            self.ended = True
            return [Arrival(self._begun, whole=False)] if self._begun else []
        *lines, self._begun = (self._begun + chunk).split(b"\n")
        if lines and self._skipping:
            self._skipping, lines = False, lines[1:]
        return [Arrival(line) for line in lines] + self._cut()

    def answer(self, sender: Parts, answer: bytes) -> None:
        """There is no way back."""

    def close(self) -> None:
        """The descriptor is somebody else's."""
        self.ended = True

    def _read(self) -> bytes:
        try:
            return os.read(self.pollable, CHUNK_BYTES)
        except OSError:
            return b""  # closed, or a terminal that is gone: nothing more can come

    def _cut(self) -> list[Arrival]:
        """The beginning of a line that is too long, once; the rest of it is not kept."""
        if self._skipping:
            self._begun = b""
        if len(self._begun) <= self._most:
            return []
        beginning, self._begun, self._skipping = self._begun[: self._most], b"", True
        return [Arrival(beginning, whole=False)]
