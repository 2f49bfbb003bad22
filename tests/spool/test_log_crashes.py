"""Whatever fails and whenever: what was synced and not forgotten is there, and nothing else ever is."""

import random
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streamer.errors import UnavailableError
from streamer.spool.directory import Directory
from streamer.spool.lines import Event
from streamer.spool.log import SpooledLog, open_log
from tests.spool.flaky import FlakyFileSystem, PowerFailureError

LIMIT = 4_000
"""Segments of 500 bytes."""

Step = tuple[str, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["append", "append", "append", "forget", "restart", "crash", "error", "power"]),
        st.integers(0, 40),
    ),
    max_size=40,
)


class Model:
    """A log, and what is known about each of its numbers."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)
        self.files = FlakyFileSystem()
        self.safe: dict[int, int] = {}
        """Number → the mark of its event, once it was seen to be on disk."""
        self.tried: dict[int, set[int]] = {}
        """Number → the marks of all events that were ever given it, before one was seen to be on disk."""
        self.forgotten = 0
        self.marks = 0
        self.log = self._opened()

    def step(self, name: str, amount: int) -> None:
        try:
            getattr(self, f"_{name}")(amount)
        except PowerFailureError:
            self._crash(0)
        self.check()

    def check(self) -> None:
        found: dict[int, int] = {}
        number = self.log.first
        while len(block := self.log.read(number, 7)):
            assert block.first == number
            assert block.inputs[:, 0].tolist() == list(range(number, block.end))
            found.update(enumerate(map(int, block.inputs[:, 1].tolist()), number))
            number = block.end
        assert number == self.log.next
        assert self.log.first <= self.forgotten
        for safe, mark in self.safe.items():
            assert safe < self.log.first or found[safe] == mark, f"number {safe}"
        for number, mark in found.items():
            assert number in self.safe or mark in self.tried[number]
            self.safe[number] = mark

    def _append(self, amount: int) -> None:
        for _ in range(amount % 12):
            self.marks += 1
            number = self.log.append(Event((float(self.log.next + self.log.pending), float(self.marks)), 1.0))
            self.tried.setdefault(number, set()).add(self.marks)
        if amount % 3:
            with suppress(OSError):
                self.log.sync()

    def _forget(self, amount: int) -> None:
        self.forgotten = max(self.forgotten, self.log.next - amount)
        self.log.forget(self.log.next - amount)

    def _restart(self, amount: int) -> None:
        """The process dies; the machine lives."""
        self.log = self._opened()

    def _crash(self, amount: int) -> None:
        """The machine dies; what was not synced may be there, or not, or in part."""
        self.files.fuse = None
        self.files.crash(self.luck)
        self.log = self._opened()

    def _error(self, amount: int) -> None:
        self.files.fuse, self.files.power = amount % 8, False

    def _power(self, amount: int) -> None:
        self.files.fuse, self.files.power = amount % 8, True

    def _opened(self) -> SpooledLog:
        while True:  # a start that fails is tried again
            with suppress(UnavailableError):
                return open_log(
                    Directory(self.files, "spool"), stream="s", inputs=2, new_epoch=lambda: "0" * 16, limit_bytes=LIMIT
                )


@settings(max_examples=250)
@given(steps, st.integers(0, 2**32))
@example([("append", 5), ("error", 1), ("append", 5), ("restart", 0), ("crash", 0), ("append", 7)], 0)
@example([("append", 11), ("power", 2), ("append", 11), ("append", 11), ("crash", 0), ("forget", 3)], 1)
def test_what_was_synced_is_there_in_order_with_its_number_and_nothing_torn_is_ever_read(
    done: list[Step], seed: int
) -> None:
    model = Model(seed)
    for name, amount in done:
        model.step(name, amount)


@pytest.mark.parametrize("power", [False, True], ids=["error", "power"])
def test_a_failure_at_any_operation_loses_nothing(power: bool) -> None:
    """One life of a log, disturbed at its first operation, at its second, and so on to its last."""
    life: list[Step] = [("append", 11), ("append", 10), ("append", 11), ("forget", 8), ("append", 7), ("restart", 0)]
    for fuse in range(60):
        for seed in range(6):
            model = Model(seed)
            model.files.fuse, model.files.power = fuse, power
            for name, amount in (*life, *life):
                model.step(name, amount)
            if seed == 0 and model.files.fuse is not None:
                return
    raise AssertionError("the life has more operations than were tried")


def test_a_crash_after_many_segments_were_deleted_leaves_no_gap() -> None:
    for seed in range(30):
        model = Model(seed)
        for name, amount in (*[("append", 11)] * 8, ("forget", 0), ("crash", 0)):
            model.step(name, amount)
