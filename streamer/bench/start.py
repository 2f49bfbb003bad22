"""How long the first step of a fresh process takes, its kernels compiled before (warm) or not (cold)."""

import json
import os
import statistics
import subprocess
import sys
import tempfile

_PROGRAM = """
import json, time
import numba, numpy
import streamer.learning.engines.fused.engine
from streamer import Learner, LearnerSettings
started = time.perf_counter()
Learner(LearnerSettings(memory="none"), engine="fused").learn_one([1.0], 0)
print(json.dumps(time.perf_counter() - started))
"""


def start_seconds(repeats: int) -> dict[str, float]:
    """Median seconds from after the imports to after the first step, cold and warm."""
    cold, warm = [], []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory(prefix="streamer-bench-") as cache:
            cold.append(_first_step(cache))
            warm.append(_first_step(cache))
    return {"cold_seconds": statistics.median(cold), "warm_seconds": statistics.median(warm)}


def _first_step(cache: str) -> float:
    environment = os.environ | {"XDG_CACHE_HOME": cache}
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True, env=environment)
    return float(json.loads(done.stdout))
