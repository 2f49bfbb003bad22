"""What is particular to the kinds of intake: where a line ends, who is answered, who waits."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from streamer.errors import UnavailableError
from streamer.transport.intake import MemoryIntake
from streamer.transport.line_intake import CHUNK_BYTES, LineIntake
from streamer.transport.zmq_intake import ZmqIntake, wait_for_any

pytestmark = pytest.mark.timeout(15)
MOST_BYTES = 100


class Pipe:
    """A program's output into an intake."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self.intake = LineIntake(reading, most_bytes=MOST_BYTES)

    def write(self, data: bytes) -> list[tuple[bytes, bool]]:
        """Write, and read until nothing more is there."""
        os.write(self._writing, data)
        return self.read()

    def read(self) -> list[tuple[bytes, bool]]:
        found = []
        for _ in range(100):
            found += [(arrival.line, arrival.whole) for arrival in self.intake.receive()]
        return found

    def end(self) -> list[tuple[bytes, bool]]:
        """The program has ended."""
        os.close(self._writing)
        self._writing = -1
        return self.read()

    def close(self) -> None:
        os.close(self.intake.pollable)
        if self._writing >= 0:
            os.close(self._writing)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made.close()


def test_a_line_may_come_in_pieces(pipe: Pipe) -> None:
    assert pipe.write(b"0.") == []
    assert pipe.write(b"5 1") == []
    assert pipe.write(b"\n0.2") == [(b"0.5 1", True)]
    assert pipe.write(b" 0\n\n") == [(b"0.2 0", True), (b"", True)]


def test_it_ends_with_its_program(pipe: Pipe) -> None:
    assert pipe.write(b"1 1\n") == [(b"1 1", True)]
    assert not pipe.intake.ended
    assert pipe.end() == []
    assert pipe.intake.ended


def test_a_last_line_without_its_newline_is_not_whole(pipe: Pipe) -> None:
    pipe.write(b"1 1\n0.25")
    assert pipe.end() == [(b"0.25", False)]
    assert pipe.intake.ended


@pytest.mark.parametrize("length", [MOST_BYTES + 1, 10 * MOST_BYTES, 2 * CHUNK_BYTES // 3])
def test_of_a_line_that_is_too_long_only_the_beginning_is_kept_and_the_next_line_is_whole(
    pipe: Pipe, length: int
) -> None:
    line = b"7" * length
    beginning = [(line[:MOST_BYTES], False)]
    assert pipe.write(line) == beginning
    assert pipe.write(b"7" * length) == []
    assert pipe.write(b"7\n1 1\n" + b"8" * MOST_BYTES) == [(b"1 1", True)]
    assert pipe.write(b"\n") == [(b"8" * MOST_BYTES, True)]


def test_a_line_that_is_too_long_for_ever_costs_no_memory(pipe: Pipe) -> None:
    for _ in range(50):
        pipe.write(b"7" * 60_000)
    assert len(pipe.intake._begun) == 0
    assert pipe.end() == []


def test_at_most_one_read_is_taken_at_once(pipe: Pipe) -> None:
    os.set_blocking(pipe._writing, False)
    written = os.write(pipe._writing, b"1 1\n" * CHUNK_BYTES)
    assert 0 < len(pipe.intake.receive()) <= min(written, CHUNK_BYTES) // 4


def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(b"1 1\n" * 40_000)
    descriptor = os.open(tmp_path / "lines", os.O_RDONLY)
    intake, count = LineIntake(descriptor, most_bytes=MOST_BYTES), 0
    while not intake.ended:
        wait_for_any([intake.pollable], 1)
        count += len(intake.receive())
    os.close(descriptor)
    assert count == 40_000


def test_a_descriptor_that_is_closed_has_ended() -> None:
    reading, writing = os.pipe()
    intake = LineIntake(reading, most_bytes=MOST_BYTES)
    os.close(reading)
    os.close(writing)
    assert intake.receive() == []
    assert intake.ended


def test_in_memory_an_answer_without_a_sender_goes_nowhere() -> None:
    intake = MemoryIntake()
    intake.answer((), b"1")
    assert intake.answers == []


@pytest.fixture
def context() -> Iterator[Any]:
    made = zmq.Context()
    yield made
    made.destroy(linger=0)


@pytest.fixture
def bound() -> Iterator[Callable[[Any, str], ZmqIntake]]:
    """Makes intakes that are closed with the test."""
    made: list[ZmqIntake] = []

    def bind(kind: Any, address: str = "tcp://127.0.0.1:*") -> ZmqIntake:
        made.append(ZmqIntake(kind, address, most_bytes=MOST_BYTES))
        return made[-1]

    yield bind
    for intake in made:
        intake.close()


def dialled(context: Any, kind: int, intake: ZmqIntake) -> Any:
    socket = context.socket(kind)
    socket.linger = 0
    socket.sndtimeo = 5_000
    socket.connect(intake.endpoint)
    return socket


def taken(intake: ZmqIntake, count: int) -> list[tuple[tuple[bytes, ...], bytes]]:
    found: list[tuple[tuple[bytes, ...], bytes]] = []
    for _ in range(500):
        if len(found) >= count:
            break
        wait_for_any([intake.pollable], 0.01)
        found += [(tuple(arrival.sender), arrival.line) for arrival in intake.receive()]
    return found


def test_each_asker_is_answered_in_order(context: Any, bound: Any) -> None:
    intake = bound("reply")
    dealers = [dialled(context, zmq.DEALER, intake) for _ in range(3)]
    for n in range(5):
        for dealer in dealers:
            dealer.send(b"%d" % n)
    for sender, line in taken(intake, 15):
        intake.answer(sender, b"to " + line)
    for dealer in dealers:
        dealer.rcvtimeo = 5_000
        assert [dealer.recv() for _ in range(5)] == [b"to %d" % n for n in range(5)]
        dealer.close()


def test_an_asker_who_has_left_is_answered_in_vain_and_nobody_minds(context: Any, bound: Any) -> None:
    intake = bound("reply")
    with dialled(context, zmq.DEALER, intake) as dealer:
        dealer.send(b"1")
        [(sender, _)] = taken(intake, 1)
    for _ in range(2_000):
        intake.answer(sender, b"taken")


def test_who_pushes_waits_while_nothing_is_read_and_loses_nothing(context: Any, bound: Any, tmp_path: Path) -> None:
    intake = bound("listen", f"ipc://{tmp_path}/s")
    with dialled(context, zmq.PUSH, intake) as push:
        push.sndtimeo = 200
        sent = 0
        try:
            while True:
                push.send(b"%099d" % sent)
                sent += 1
        except zmq.Again:
            pass
        found = taken(intake, sent)
        assert [int(line) for _, line in found] == list(range(sent))


def test_a_topic_before_the_line_is_passed_over(context: Any, bound: Any) -> None:
    intake = bound("listen")
    with dialled(context, zmq.PUSH, intake) as push:
        push.send_multipart([b"topic", b"1 1"])
        assert [line for _, line in taken(intake, 1)] == [b"1 1"]


def test_a_message_that_is_far_too_large_is_not_read_and_the_others_are(context: Any, bound: Any) -> None:
    intake = bound("listen")
    with dialled(context, zmq.PUSH, intake) as bad, dialled(context, zmq.PUSH, intake) as good:
        bad.send(bytes(10_000))
        good.send(b"1 1")
        assert [line for _, line in taken(intake, 1)] == [b"1 1"]


@pytest.mark.parametrize("kind", ["listen", "reply"])
def test_an_address_in_use_is_told_with_the_option_that_gave_it(kind: Any, bound: Any, tmp_path: Path) -> None:
    for address in ("tcp://127.0.0.1:*", f"ipc://{tmp_path}/s"):
        intake = bound(kind, address)
        with pytest.raises(UnavailableError) as caught:
            bound(kind, intake.endpoint)
        assert f"--{kind}" in str(caught.value)
        assert intake.endpoint in str(caught.value)


def test_waiting_ends_with_the_first_that_has_something(context: Any, bound: Any) -> None:
    intake = bound("listen")
    reading, writing = os.pipe()
    os.write(writing, b"1")
    before = time.monotonic()
    wait_for_any([intake.pollable, reading], 100)
    os.read(reading, 1)
    with dialled(context, zmq.PUSH, intake) as push:
        push.send(b"1")
        wait_for_any([intake.pollable, reading], 100)
        assert intake.receive()
    assert time.monotonic() - before < 100
    wait_for_any([intake.pollable, reading], 0.001)
    os.close(reading)
    os.close(writing)
