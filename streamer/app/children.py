"""The demo's two processes: started, waited for, and ended in order."""

import ctypes
import json
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from streamer.errors import StreamerError

GRACE_SECONDS = 10
LOOK_SECONDS = 0.1


class Child:
    """A verb of this program in a process of its own. What it logs is kept, to be shown if it fails."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamer", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which ends its children in order
            preexec_fn=_die_with_parent,  # the parent has no threads here
        )

    def facts(self, stopped: Callable[[], bool]) -> dict[str, Any] | None:
        """The first JSON line that it prints; None if `stopped()` before; an error with its log if it ends without."""
        assert self.process.stdout is not None
        while not select.select([self.process.stdout], [], [], LOOK_SECONDS)[0]:
            if stopped():
                self.process.kill()  # it has only begun: there is nothing that it could lose
                return None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.check(may_end=False)
        facts: dict[str, Any] = json.loads(line)
        return facts

    @property
    def ended(self) -> bool:
        """Whether it is no longer running."""
        return self.process.poll() is not None

    def check(self, *, may_end: bool) -> None:
        """StreamerError with its last words if it has failed, or has ended though it may not."""
        code = self.process.poll()
        if code or (code == 0 and not may_end):
            raise StreamerError(f"`streamer {self._arguments[0]}` failed", got=self._last_words())

    def end(self) -> None:
        """Ask it to stop, and wait; insist if it does not."""
        if not self.ended:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(GRACE_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()

    def _last_words(self) -> str:
        self._log.seek(0)
        return "\n".join(self._log.read().decode(errors="replace").strip().splitlines()[-5:])


@contextmanager
def child(arguments: Sequence[str]) -> Iterator[Child]:
    """A child that is ended with the block."""
    process = Child(*arguments)
    try:
        yield process
    finally:
        process.end()


def _die_with_parent() -> None:
    # A demo that is killed must not leave a daemon behind that learns for ever.
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
