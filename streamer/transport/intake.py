"""Where programs hand in lines, one a message, and its twin in memory: what a spool takes in.

A program can be made to wait simply by not reading; what a PUB socket publishes is then lost.
"""

from collections import deque
from dataclasses import dataclass
from typing import Protocol

from streamer.transport.seam import Parts


@dataclass(frozen=True, slots=True)
class Arrival:
    """A line, where an answer to it goes, and whether it is all there."""

    line: bytes
    sender: Parts = ()
    whole: bool = True


class Intake(Protocol):
    """What hands in lines."""

    lossy: bool
    """Whether what is not read in time is lost, rather than made to wait."""
    ended: bool
    """Whether no more will come."""

    def receive(self) -> list[Arrival]:
        """What is there now, up to a bounded amount; never waits."""
        ...

    def answer(self, sender: Parts, answer: bytes) -> None:
        """Send an answer, where there is a way back to somebody who is still there."""
        ...

    def close(self) -> None:
        """Take no more."""
        ...


class MemoryIntake:
    """Lines that a test puts into `inbox`, and the answers to them."""

    def __init__(self, *, lossy: bool = False) -> None:
        self.lossy = lossy
        self.ended = False
        self.inbox: deque[Arrival] = deque()
        self.answers: list[tuple[Parts, bytes]] = []

    def receive(self) -> list[Arrival]:
        """Everything."""
        arrivals = list(self.inbox)
        self.inbox.clear()
        return arrivals

    def answer(self, sender: Parts, answer: bytes) -> None:
        """Into `answers`, if there is a sender."""
        if sender:
            self.answers.append((sender, answer))

    def close(self) -> None:
        """Nothing more comes."""
        self.ended = True
