import os
import socket
from pathlib import Path

import pytest

from streamer.app.notification import Notification, patience_seconds


@pytest.mark.parametrize("abstract", [False, True])
def test_words_arrive_at_a_path_and_at_an_abstract_name(tmp_path: Path, abstract: bool) -> None:
    name = f"{tmp_path}/s"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(f"\0{name}" if abstract else name)
        notification = Notification(f"@{name}" if abstract else name)
        notification.send("READY=1")
        assert supervisor.recv(100) == b"READY=1"
        notification.close()


@pytest.mark.parametrize("address", ["", "/no/such/socket", "@no-such-name", "/" + 200 * "x", "relative"])
def test_a_supervisor_that_is_not_there_stops_nothing(address: str) -> None:
    notification = Notification(address)
    notification.send("READY=1")
    notification.close()


def test_a_supervisor_that_reads_nothing_is_not_waited_for(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(f"{tmp_path}/s")
        notification = Notification(f"{tmp_path}/s")
        for _ in range(10_000):
            notification.send("WATCHDOG=1")
        notification.close()


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, 0.0),
        ({"WATCHDOG_USEC": "500000"}, 0.5),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": str(os.getpid())}, 0.5),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "1"}, 0.0),
        ({"WATCHDOG_USEC": "soon"}, 0.0),
        ({"WATCHDOG_USEC": "-5"}, 0.0),
    ],
)
def test_the_patience_is_what_the_supervisor_says_to_this_process(environment: dict[str, str], seconds: float) -> None:
    assert patience_seconds(environment) == seconds
