"""Builds and runs `yardstick.c`, hand-written C for one fixed case: what the kernels are measured against."""

import shutil
import subprocess
from pathlib import Path

from streamer.errors import UnavailableError

SOURCE = Path(__file__).with_name("yardstick.c")
CASE = {"hidden": 16, "inputs": 1, "memory": "none", "optimiser": "rmsprop", "gradient": "tbptt"}


class Yardstick:
    """The compiled program for one truncation length."""

    def __init__(self, directory: Path, truncation: int) -> None:
        self._program = directory / f"yardstick-{truncation}"
        flags = ["-O3", "-march=native", "-ffast-math", f"-DK={truncation}"]
        try:
            subprocess.run(
                [compiler(), *flags, str(SOURCE), "-o", str(self._program), "-lm"],
                check=True,
                capture_output=True,
                text=True,
            )
        except subprocess.CalledProcessError as error:
            raise UnavailableError("the C yardstick cannot be compiled", got=error.stderr[-300:]) from None

    def microseconds(self, samples: int) -> float:
        """Microseconds a sample over one run of `samples`."""
        done = subprocess.run([str(self._program), str(samples)], check=True, capture_output=True, text=True)
        return float(done.stdout.split()[0])


def compiler() -> str:
    """The C compiler; UnavailableError if there is none."""
    found = shutil.which("gcc")
    if found is None:
        raise UnavailableError("there is no C compiler for the yardstick", remedy="install gcc")
    return found
