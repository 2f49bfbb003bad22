"""Branch coverage of what exactly-once hangs on, as `make coverage` measures it."""

import re
import subprocess

from tests.faults.line import ROOT, Figure


def measure() -> Figure:
    """The total that the report gives."""
    done = subprocess.run(["make", "--silent", "coverage"], cwd=ROOT, capture_output=True, text=True, check=False)
    total = re.search(r"^TOTAL.* (\d+)%$", done.stdout, flags=re.MULTILINE)
    assert total, (done.stdout + done.stderr)[-500:]
    return Figure(f"{total[1]} %", done.returncode == 0)
