"""Daemons that are started and ended again and again while a producer goes on."""

import random
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamer.client.feed import Feed, Phase, Plan
from streamer.client.log import ReplayLog
from streamer.client.publisher import take_turn
from streamer.clock import SystemClock
from streamer.samples import Block
from streamer.sources.bits import BitSource
from streamer.transport.zeromq import ZmqConnection
from streamer.wire.frames import frame_bytes
from streamer.wire.messages import NO_SESSION
from tests.end_to_end.processes import PATIENCE_SECONDS, Daemon, Program, ended

STREAM = "bits"
EXTRA = 500
"""Samples that a producer still sends when it is told to come to an end."""


class ForgetfulLog(ReplayLog):
    """A source that gives up what is acknowledged: a daemon that asks for it again is told `trimmed`, and stops us."""

    def __init__(self) -> None:
        super().__init__(BitSource())
        self.first = 0
        self.given = 0

    def read(self, first: int, count: int) -> Block:
        assert first >= self.first, f"number {first} was acknowledged, all below {self.first} is forgotten"
        block = super().read(first, count)
        self.given = max(self.given, block.end)
        return block

    def forget(self, number: int) -> None:
        self.first = max(self.first, number)


class Producing(threading.Thread):
    """One producer that lives as long as it is needed, whatever happens to its daemon."""

    def __init__(self, endpoint: str, rate: float | None) -> None:
        super().__init__(daemon=True)
        self.log = ForgetfulLog()
        self.feed = Feed(self.log, Plan(STREAM, batch=50, rate=rate), incarnation=1)
        self.error: Exception | None = None
        self._endpoint = endpoint
        self._moved = threading.Condition()
        self._stopped, self._finishing, self._renewing = (threading.Event() for _ in range(3))

    def __enter__(self) -> "Producing":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self.join(PATIENCE_SECONDS)

    @property
    def session(self) -> int:
        return self.feed._session

    def run(self) -> None:
        try:
            self._publish()
        except Exception as error:
            self.error = error
        with self._moved:
            self._moved.notify_all()

    def renew(self) -> None:
        """Connect anew: ZeroMQ by itself waits up to two seconds before it looks for a daemon again."""
        self._renewing.set()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds of this producer; AssertionError if it has come to grief."""
        with self._moved:
            holds = self._moved.wait_for(lambda: self.error is not None or condition(), PATIENCE_SECONDS)
        assert self.error is None, self.error
        assert holds, f"not so after {PATIENCE_SECONDS:.0f} s: {self.feed.phase}, {self.feed.learned} learned"

    def finish(self) -> None:
        """Send a little more, and wait until all of it is acknowledged."""
        self._finishing.set()
        self.until(lambda: self.feed.phase is Phase.DONE)

    def _publish(self) -> None:
        clock, connection, wait = SystemClock(), self._connect(), 0.0
        try:
            while self.feed.phase is not Phase.DONE and not self._stopped.is_set():
                if self._renewing.is_set():
                    self._renewing.clear()
                    connection.close()
                    connection = self._connect()
                if self._finishing.is_set() and not self.log.ended:
                    self.log.next = self.log.given + EXTRA
                wait = take_turn(self.feed, connection, clock, wait)
                with self._moved:
                    self._moved.notify_all()
        finally:
            connection.close()

    def _connect(self) -> ZmqConnection:
        return ZmqConnection(self._endpoint, max_message_bytes=frame_bytes(0, 0))


class Lives:
    """The lives of one daemon, one after the other, in one directory and at one address."""

    def __init__(self, directory: Path, *settings: str, rate: float | None = None) -> None:
        self.endpoint = f"ipc://{directory}/s"
        self.checkpoints = directory / "checkpoints"
        self.producing = Producing(self.endpoint, rate)
        self._settings = ("learner.engine=fused", *settings)

    def start(self) -> Daemon:
        """A daemon that has said that it is ready."""
        return Daemon(self.checkpoints, *self._settings, listen=self.endpoint)

    def start_only(self) -> Program:
        """A daemon that is only about to begin."""
        chosen = (f"transport.listen={self.endpoint}", "telemetry.port=0", f"checkpoints.directory={self.checkpoints}")
        return Program("run", *(word for setting in (*chosen, *self._settings) for word in ("--set", setting)))

    def feeding(self, rng: random.Random) -> Daemon:
        """A daemon that has welcomed the producer, on a new connection or on one that found it again by itself."""
        before = self.producing.session
        daemon = self.start()
        try:
            if rng.random() < 0.8:
                self.producing.renew()
            self.producing.until(lambda: self.producing.session not in (before, NO_SESSION))
        except BaseException:
            kill(daemon)
            raise
        return daemon


def live(program: Program, seconds: float) -> None:
    """Leave a program alone for a while, in which it may not end."""
    try:
        code = program.process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
    raise AssertionError(f"the daemon ended by itself with exit code {code}: {program.finish()[2][-500:]}")


def kill(program: Program) -> None:
    """`kill -9`."""
    program.end(signal.SIGKILL)


def undisturbed(directory: Path, samples: int, *settings: str) -> dict[str, Any]:
    """The status of the stream in a daemon that nothing ever happened to."""
    lives = Lives(directory, *settings)
    lives.producing.log.next = samples
    daemon = lives.start()
    with ended(daemon), lives.producing:
        lives.producing.until(lambda: lives.producing.feed.phase is Phase.DONE)
        return daemon.until(lambda stream: stream.get("next_sequence") == samples, STREAM)
