"""Whether a daemon at full speed, scraped every second, grows: python -m tests.figures.soak [MINUTES]

Before that come eleven minutes at a slow rate, in which what is bounded fills up: the page's history holds ten minutes.
Memory is sampled once a second; its slope is that of the least-squares line. Files and threads are counted at the
beginning and at the end.
"""

import os
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np

from streamer.app.children import child

WARM_UP_MINUTES, WARM_UP_RATE = 11.0, 20_000
SETTLING_MINUTES = 0.5
MEGABYTE = 1e6


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def files_and_threads(pid: int) -> tuple[int, int]:
    return len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir(f"/proc/{pid}/task"))


def watch(metrics: str, pid: int, minutes: float) -> tuple[str, list[tuple[float, int]]]:
    """Scrape once a second, for so long; the last page, and the memory at each moment."""
    began, page, rows = time.monotonic(), "", []
    while (elapsed := time.monotonic() - began) < 60 * minutes:
        with urllib.request.urlopen(metrics, timeout=10) as answer:
            page = answer.read().decode()
        rows.append((elapsed, resident_bytes(pid)))
        time.sleep(1)
    return page, rows


def soak(minutes: float) -> dict[str, Any]:
    """Samples of a daemon's life under load, as one table of figures."""
    with tempfile.TemporaryDirectory() as directory:
        settings = ("transport.listen=tcp://127.0.0.1:*", "telemetry.port=0", f"checkpoints.directory={directory}")
        arguments = [argument for setting in settings for argument in ("--set", setting)]
        with child(["run", "--json", *arguments]) as daemon:
            facts = daemon.facts(lambda: False) or {}
            pid, produce = daemon.process.pid, ["produce", "bits", "--to", facts["endpoint"], "--json"]
            with child([*produce, "--rate", str(WARM_UP_RATE)]):
                _, slow = watch(facts["metrics"], pid, WARM_UP_MINUTES)
            with child(produce) as producer:
                watch(facts["metrics"], pid, SETTLING_MINUTES)
                at_first = files_and_threads(pid)
                page, rows = watch(facts["metrics"], pid, minutes)
                at_last = files_and_threads(pid)
                daemon.check(may_end=False)
                producer.check(may_end=False)
    seconds, sizes = np.array(rows).T
    learned = next(line for line in page.splitlines() if line.startswith("streamer_lifetime_samples{"))
    return {
        "megabytes an hour": float(np.polyfit(seconds, sizes, 1)[0]) * 3600 / MEGABYTE,
        "megabytes at the start": slow[0][1] / MEGABYTE,
        "megabytes after the slow minutes": slow[-1][1] / MEGABYTE,
        "megabytes when the measured minutes begin": float(sizes[0]) / MEGABYTE,
        "megabytes at the end": float(sizes[-1]) / MEGABYTE,
        "samples": float(learned.rpartition(" ")[2]),
        "files, threads": f"{at_first} → {at_last}",
    }


if __name__ == "__main__":
    for name, figure in soak(float(sys.argv[1]) if len(sys.argv) > 1 else 10).items():
        print(f"{name}: {figure:,.2f}" if isinstance(figure, float) else f"{name}: {figure}")
