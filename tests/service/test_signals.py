"""How a process is asked to stop, and how it is made to."""

import os
import select
import signal
import socket

import pytest

from streamer.service.signals import SIGNALS, Stop, end_at_once, interrupt, reload_on_hangup, stop_on_signals

pytestmark = pytest.mark.timeout(10)


def send_myself(number: int) -> None:
    """Kill this process with a signal and return when it has got it."""
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)
        before = signal.set_wakeup_fd(writer.fileno())
        try:
            os.kill(os.getpid(), number)
            assert select.select([reader], [], [], 5)[0], "no signal came"
        finally:
            signal.set_wakeup_fd(before)


def test_nobody_has_asked_at_first() -> None:
    with stop_on_signals() as stop:
        assert not stop.requested


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_asks_and_does_not_insist(number: signal.Signals) -> None:
    insisted: list[int] = []
    with stop_on_signals(insisted.append) as stop:
        send_myself(number)
        assert stop.requested
    assert insisted == []


@pytest.mark.parametrize("first", SIGNALS)
@pytest.mark.parametrize("second", SIGNALS)
def test_the_second_signal_insists_whichever_they_are(first: signal.Signals, second: signal.Signals) -> None:
    insisted: list[int] = []
    with stop_on_signals(insisted.append) as stop:
        send_myself(first)
        send_myself(second)
        assert stop.requested
    assert insisted == [second]


def test_a_signal_insists_where_the_program_has_asked_itself() -> None:
    insisted: list[int] = []
    with stop_on_signals(insisted.append) as stop:
        stop.request()
        send_myself(signal.SIGTERM)
    assert insisted == [signal.SIGTERM]


def test_an_insisting_signal_may_unwind_and_leaves_the_handlers_as_they_were() -> None:
    def be_told_twice() -> None:
        with stop_on_signals(interrupt):
            send_myself(signal.SIGTERM)
            send_myself(signal.SIGTERM)

    before = [signal.getsignal(number) for number in SIGNALS]
    with pytest.raises(KeyboardInterrupt):
        be_told_twice()
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_the_handlers_are_as_they_were_afterwards() -> None:
    def mine(number: int, frame: object) -> None: ...

    before = signal.signal(signal.SIGHUP, mine)
    try:
        with stop_on_signals():
            assert signal.getsignal(signal.SIGHUP) is not mine
        assert signal.getsignal(signal.SIGHUP) is mine
    finally:
        signal.signal(signal.SIGHUP, before)


def test_ending_at_once_tells_the_signal_in_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    end_at_once(signal.SIGTERM)
    assert codes == [143]


def test_a_stop_stays_asked() -> None:
    stop = Stop()
    stop.request()
    stop.request()
    assert stop.requested


def test_a_hangup_asks_a_daemon_to_read_again_as_often_as_it_comes_and_never_to_stop() -> None:
    requests: list[None] = []
    insisted: list[int] = []
    with stop_on_signals(insisted.append) as stop, reload_on_hangup(lambda: requests.append(None)):
        send_myself(signal.SIGHUP)
        send_myself(signal.SIGHUP)
        asked_to_stop = stop.requested
        send_myself(signal.SIGTERM)
        assert (asked_to_stop, stop.requested) == (False, True)
    assert len(requests) == 2
    assert insisted == []


def test_afterwards_a_hangup_stops_as_before() -> None:
    with stop_on_signals() as stop:
        with reload_on_hangup(lambda: None):
            pass
        send_myself(signal.SIGHUP)
        assert stop.requested
