"""The demo's two processes: started, waited for, and ended in order."""

import ctypes
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from streamer.errors import StreamerError

GRACE_SECONDS = 10


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

    def facts(self) -> dict[str, Any]:
        """The next JSON line that it prints; an error with its log if it ends without one."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.check()
        facts: dict[str, Any] = json.loads(line)
        return facts

    @property
    def ended(self) -> bool:
        """Whether it is no longer running."""
        return self.process.poll() is not None

    def check(self) -> None:
        """StreamerError with its last words if it has failed."""
        if self.process.poll():
            raise StreamerError(f"`streamer {self._arguments[0]}` failed", got=self._last_words())

    def end(self) -> None:
        """Ask it to stop, and wait; insist if it does not."""
        if not self.ended:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
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
