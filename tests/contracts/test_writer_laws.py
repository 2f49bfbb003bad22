"""What holds of every writer of checkpoints."""

from collections.abc import Callable
from threading import Event

import numpy as np
import pytest

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.service.writer import InlineWriter, Saving, ThreadWriter, Writer

New = Callable[[Saving], Writer]

each_writer = pytest.mark.parametrize("new", [InlineWriter, ThreadWriter])


def checkpoint(serial: int, stream: str = "s") -> Checkpoint:
    return Checkpoint(stream, serial, {}, {}, "chain", 0.0, {"a": np.zeros(1)})


def outcomes(writer: Writer) -> list[tuple[int, str]]:
    return [(one.checkpoint.serial, str(one.error or "")) for one in writer.finish()]


def outcomes_of_one(writer: Writer) -> list[tuple[int, str]]:
    writer.put(checkpoint(1))
    return outcomes(writer)


@each_writer
def test_every_checkpoint_is_written_once_and_told_of_in_order(new: New) -> None:
    written: list[int] = []
    writer = new(lambda checkpoint: written.append(checkpoint.serial))
    for serial in range(1, 6):
        writer.put(checkpoint(serial, f"s{serial}"))
    assert outcomes(writer) == [(serial, "") for serial in range(1, 6)]
    assert written == [1, 2, 3, 4, 5]
    assert (writer.busy, writer.take(), writer.finish()) == (False, [], [])


@each_writer
def test_what_the_disk_will_not_have_is_told_and_the_next_one_is_written(new: New) -> None:
    def save(checkpoint: Checkpoint) -> None:
        if checkpoint.serial == 1:
            raise OSError(28, "No space left on device")

    writer = new(save)
    for serial in (1, 2):
        writer.put(checkpoint(serial))
    assert outcomes(writer) == [(1, "[Errno 28] No space left on device"), (2, "")]


@each_writer
def test_what_is_no_fault_of_a_disk_is_raised_in_the_caller(new: New) -> None:
    def save(checkpoint: Checkpoint) -> None:
        raise ZeroDivisionError

    writer = new(save)
    with pytest.raises(ZeroDivisionError):
        outcomes_of_one(writer)


def test_a_thread_keeps_nobody_waiting_for_a_disk_that_hangs() -> None:
    hangs, written = Event(), Event()

    def save(checkpoint: Checkpoint) -> None:
        hangs.wait()
        written.set()

    writer = ThreadWriter(save)
    writer.put(checkpoint(1))
    assert (writer.busy, writer.take()) == (True, [])
    assert not written.is_set()
    hangs.set()
    assert outcomes(writer) == [(1, "")]
    assert written.is_set()
