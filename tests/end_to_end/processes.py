"""Real processes on loopback, each ended with its test."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

PATIENCE_SECONDS = 240.0
STREAMER = (sys.executable, "-m", "streamer")


class Program:
    """`streamer …`, or another program, in a process."""

    def __init__(
        self,
        *arguments: str,
        environment: dict[str, str] | None = None,
        program: Sequence[str] = STREAMER,
        stdin: IO[str] | int = subprocess.DEVNULL,
    ) -> None:
        self.process = subprocess.Popen(
            [*program, *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | (environment or {}),
        )

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Signal it, and wait for its exit code, output and errors."""
        self.process.send_signal(number)
        return self.finish()

    def finish(self) -> tuple[int, str, str]:
        """Wait for its exit code, output and errors."""
        output, errors = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, output, errors

    def first_facts(self) -> dict[str, Any]:
        """The first line that it prints, which is JSON."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read() if self.process.stderr else ""
        facts: dict[str, Any] = json.loads(line)
        return facts


class Daemon(Program):
    """A daemon on free ports that has said that it is ready."""

    def __init__(
        self,
        directory: Path,
        *settings: str,
        listen: str = "tcp://127.0.0.1:*",
        options: tuple[str, ...] = (),
        program: Sequence[str] = STREAMER,
    ) -> None:
        chosen = (f"transport.listen={listen}", "telemetry.port=0", f"checkpoints.directory={directory}", *settings)
        words = (word for setting in chosen for word in ("--set", setting))
        super().__init__("run", "--json", *options, *words, program=program)
        facts = self.first_facts()
        self.endpoint: str = facts["endpoint"]
        self.url = facts["metrics"].removesuffix("/metrics")

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=10) as response:
            return str(response.read().decode())

    def stream(self, name: str = "bits") -> dict[str, Any]:
        """The status of a stream; empty before it is seen."""
        found: dict[str, Any] = json.loads(self.get("/api/v1/status"))["streams"].get(name, {})
        return found

    def until(self, condition: Callable[[dict[str, Any]], bool], name: str = "bits") -> dict[str, Any]:
        """The status of a stream as soon as a condition holds; before a stream is published it has no facts at all."""

        def holds(stream: dict[str, Any]) -> bool:
            try:
                return condition(stream)
            except KeyError:
                return False

        return wait_for(lambda: self.stream(name), holds)


def wait_for(look: Callable[[], dict[str, Any]], condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What is seen as soon as a condition holds of it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition(seen := look()):
            return seen
        time.sleep(0.02)
    raise AssertionError(f"not so after {PATIENCE_SECONDS:.0f} s: {seen}")


@contextmanager
def ended(*programs: Program) -> Iterator[None]:
    """Leave no process behind, whatever happens."""
    try:
        yield
    finally:
        for program in programs:
            if program.process.poll() is None:
                program.process.kill()
            program.process.communicate()


def produce(endpoint: str, samples: int, *options: str) -> Program:
    """A producer of the puzzle."""
    return Program("produce", "bits", "--to", endpoint, "--samples", str(samples), "--json", *options)
