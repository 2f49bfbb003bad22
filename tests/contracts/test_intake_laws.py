"""What holds of everything that hands in lines. Each is driven from its other end, as a program would."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zmq

from streamer.transport.intake import Arrival, Intake, MemoryIntake
from streamer.transport.line_intake import LineIntake
from streamer.transport.zmq_intake import ZmqIntake, wait_for_any

pytestmark = pytest.mark.timeout(15)
TRIES, TRY_SECONDS = 500, 0.01
MOST_BYTES = 1000


class Program:
    """The other end of an intake: hands in lines, and may hear answers."""

    def __init__(
        self,
        intake: Intake,
        hand_in: Callable[[bytes], object],
        wait: Callable[[], object],
        hear: Callable[[], list[bytes]] = list,
    ) -> None:
        self.intake = intake
        self.hand_in = hand_in
        self.hear = hear
        self._wait = wait

    def arrived(self, count: int) -> list[Arrival]:
        """The next lines, at least so many."""
        found: list[Arrival] = []
        for _ in range(TRIES):
            if len(found) >= count:
                break
            self._wait()
            found += self.intake.receive()
        assert len(found) >= count, f"{len(found)} of {count} lines arrived"
        return found


def of_memory(tmp_path: Path) -> Iterator[Program]:
    intake = MemoryIntake()
    yield Program(
        intake,
        lambda line: intake.inbox.append(Arrival(line, (b"program",))),
        lambda: None,
        lambda: [answer for _, answer in intake.answers],
    )


def of_a_pipe(tmp_path: Path) -> Iterator[Program]:
    reading, writing = os.pipe()
    intake = LineIntake(reading, most_bytes=MOST_BYTES)
    yield Program(
        intake, lambda line: os.write(writing, line + b"\n"), lambda: wait_for_any([intake.pollable], TRY_SECONDS)
    )
    os.close(reading)
    os.close(writing)


def of_a_socket(kind: str, socket_type: int, address: str) -> Iterator[Program]:
    context = zmq.Context()
    with context.socket(socket_type) as socket:
        if kind == "subscribe":
            socket.bind(address)
            intake = ZmqIntake("subscribe", socket.get_string(zmq.LAST_ENDPOINT), most_bytes=MOST_BYTES)
            assert socket.poll(5_000), "nobody has subscribed"  # XPUB hears of it
            socket.recv()
        else:
            intake = ZmqIntake(kind, address, most_bytes=MOST_BYTES)  # type: ignore[arg-type]
            socket.connect(intake.endpoint)
        socket.linger = 0

        def hear() -> list[bytes]:
            return [socket.recv()] if socket.poll(5_000) else []

        yield Program(intake, socket.send, lambda: wait_for_any([intake.pollable], TRY_SECONDS), hear)
        intake.close()
    context.term()


KINDS: dict[str, Callable[[Path], Iterator[Program]]] = {
    "memory": of_memory,
    "pipe": of_a_pipe,
    "push over tcp": lambda _: of_a_socket("listen", zmq.PUSH, "tcp://127.0.0.1:*"),
    "push over ipc": lambda path: of_a_socket("listen", zmq.PUSH, f"ipc://{path}/s"),
    "dealer": lambda _: of_a_socket("reply", zmq.DEALER, "tcp://127.0.0.1:*"),
    "req": lambda _: of_a_socket("reply", zmq.REQ, "tcp://127.0.0.1:*"),
    "pub": lambda _: of_a_socket("subscribe", zmq.XPUB, "tcp://127.0.0.1:*"),
}
ONE_BY_ONE = ("req",)
ANSWERED = ("memory", "dealer", "req")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def program(kind: str, tmp_path: Path) -> Iterator[Program]:
    yield from KINDS[kind](tmp_path)


def test_lines_arrive_whole_once_and_in_order(program: Program, kind: str) -> None:
    lines = [b'{"x": [%d]}' % n for n in range(1 if kind in ONE_BY_ONE else 300)]
    for line in lines:
        program.hand_in(line)
    arrivals = program.arrived(len(lines))
    assert [(arrival.line, arrival.whole) for arrival in arrivals] == [(line, True) for line in lines]
    assert program.intake.receive() == []


def test_an_empty_line_is_a_line(program: Program) -> None:
    program.hand_in(b"")
    assert [arrival.line for arrival in program.arrived(1)] == [b""]


def test_with_nothing_there_nothing_is_received_and_it_has_not_ended(program: Program) -> None:
    assert program.intake.receive() == []
    assert not program.intake.ended


def test_an_answer_reaches_who_has_a_way_back_and_does_no_harm_to_the_others(program: Program, kind: str) -> None:
    program.hand_in(b"1 1")
    [arrival] = program.arrived(1)
    program.intake.answer(arrival.sender, b"taken")
    if kind in ANSWERED:
        assert program.hear() == [b"taken"]
    if kind not in ONE_BY_ONE:
        program.hand_in(b"2 2")
        assert [arrival.line for arrival in program.arrived(1)] == [b"2 2"]


def test_only_a_feed_is_lossy(program: Program, kind: str) -> None:
    assert program.intake.lossy == (kind == "pub")


def test_closing_twice_does_no_harm(program: Program) -> None:
    program.intake.close()
    program.intake.close()
