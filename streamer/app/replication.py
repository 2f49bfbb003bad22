"""Wires a replication: the system by its name, the seeds, the plot."""

import importlib
from pathlib import Path
from typing import Final, cast

from streamer.replication.finding import Finding
from streamer.replication.plot import check_plot
from streamer.replication.system import Progress, System

SYSTEMS: Final = {
    "question": "streamer.replication.question",
    "answer-batch": "streamer.replication.answer_batch",
    "answer-online": "streamer.replication.answer_online",
}


def replicate(system: str, *, seeds: int, plot: Path | None, progress: Progress) -> Finding:
    """Run a system with seeds 0, 1, …; what is wrong with the plot is said before the work, not after."""
    if plot is not None:
        check_plot(plot)
    run = cast("System", importlib.import_module(SYSTEMS[system]).replicate)  # late: the systems load torch
    return run(range(seeds), progress)
