"""Daemons whose learner hangs, and when their watchdog falls silent."""

import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

from tests.end_to_end.processes import Daemon, ended
from tests.faults.line import Figure
from tests.faults.lives import Producing

PERIOD_SECONDS = 1.0
"""WATCHDOG_USEC. The daemon should be heard every half of it."""
PATIENCE_SECONDS = 60.0


class Supervisor:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def hears(self, words: str, within: float = PATIENCE_SECONDS) -> bool:
        """Whether it is said in that time; what else is said goes by."""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                if self._socket.recv(4096).decode().startswith(words):
                    return True
            except TimeoutError:
                break
        return False

    def daemon(self, directory: Path, wedge: Path) -> Daemon:
        """A daemon that it has started."""
        variables = (
            f"NOTIFY_SOCKET={self.path}",
            f"WATCHDOG_USEC={PERIOD_SECONDS * 1e6:.0f}",
            f"WEDGE={wedge}",
        )
        program = ("env", *variables, sys.executable, "-m", "tests.faults.wedged")
        return Daemon(directory / "c", "learner.engine=fused", listen=f"ipc://{directory}/s", program=program)


def falls_silent(directory: Path, *, stopped: bool) -> bool:
    """Whether a daemon is heard while it learns, and no longer once one period is over since its loop hangs.

    The loop is `stopped` by SIGSTOP, or in a learner that never comes back while the page is still served.
    """
    wedge = directory / "wedge"
    with Supervisor(directory / "n") as supervisor:
        daemon = supervisor.daemon(directory, wedge)
        with ended(daemon), Producing(daemon.endpoint, rate=2000.0) as producing:
            assert supervisor.hears("READY=1")
            producing.until(lambda: producing.feed.learned > 0)
            assert all(supervisor.hears("WATCHDOG=1", within=PATIENCE_SECONDS) for _ in range(3))
            if stopped:
                daemon.process.send_signal(signal.SIGSTOP)
            else:
                wedge.touch()
            supervisor.hears("nothing", within=PERIOD_SECONDS)  # what was said before may still be heard
            silent = not supervisor.hears("WATCHDOG=1", within=PERIOD_SECONDS)
            return silent and (stopped or "streamer_ready" in daemon.get("/metrics"))


def measure(times: int) -> Figure:
    """The figure of so many, stopped and looping in turn."""
    silent = 0
    for n in range(times):
        with tempfile.TemporaryDirectory(prefix="streamer-") as folder:
            silent += falls_silent(Path(folder), stopped=n % 2 == 0)
    return Figure(f"{silent} of {times}", silent == times)
