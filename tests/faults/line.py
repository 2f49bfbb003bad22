"""A line of the table of faults: what is done, what is asked, and what was measured."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""Where the tests can be imported from."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measurement came to, and whether that is what was asked."""

    measured: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One fault, done as often as the table says. `measure` may raise: then the line falls short, with the error."""

    name: str
    test: str
    asked: str
    measure: Callable[[], Figure]

    def figure(self) -> Figure:
        """Measure; whatever goes wrong is a figure too, for the other lines are still to come."""
        try:
            return self.measure()
        except Exception as error:
            return Figure(f"{type(error).__name__}: {error}".splitlines()[0], ok=False)


def by_program(module: str, *arguments: str) -> Callable[[], Figure]:
    """A measurement that is a program of its own: its last line is the figure, exit code 0 says that it is good."""

    def measure() -> Figure:
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        lines = (done.stdout.strip() or done.stderr.strip() or "nothing was printed").splitlines()
        return Figure(lines[-1], done.returncode == 0)

    return measure
