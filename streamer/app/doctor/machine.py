"""Engine, processor, clock and descriptors, without loading what computes."""

import importlib.util
import os
import platform
import resource
from collections.abc import Callable, Mapping
from pathlib import Path

from streamer.app.descriptors import ENOUGH
from streamer.app.doctor.finding import Finding
from streamer.clock import Clock
from streamer.config.learner import EngineName

LANES = (("avx512f", "AVX-512, 16 numbers at once"), ("avx", "AVX, 8 numbers at once"))
FEW_DESCRIPTORS = 1024
SKEW_SECONDS = 60.0


def look_at_engine(engine: EngineName, environment: Mapping[str, str], has: Callable[[str], bool]) -> Finding:
    """`learner.engine`; `has` says whether a module is installed."""
    obstacle = "numba is not installed" if not has("numba") else ""
    if environment.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        obstacle = "numba is switched off (NUMBA_DISABLE_JIT)"
    if engine != "reference" and not obstacle:
        return Finding("engine", "ok", "fused, compiled kernels")
    if engine == "fused":
        return Finding(
            "engine", "problem", f"fused cannot be had: {obstacle}", "mend that, or set learner.engine = auto"
        )
    if not has("torch"):
        remedy = "install numba or torch" if engine == "auto" else "install torch, or set learner.engine = auto"
        return Finding("engine", "problem", "; ".join(filter(None, [obstacle, "torch is not installed"])), remedy)
    if engine == "auto":
        remedy = "mend that: the reference engine is some thousand times slower"
        return Finding("engine", "warning", f"reference, for {obstacle}", remedy)
    return Finding("engine", "ok", "reference, as asked for: for research, some thousand times slower than fused")


def look_at_processor(cpuinfo: str) -> Finding:
    """How wide its vectors are; `cpuinfo` is the text of /proc/cpuinfo, empty where there is none."""
    flags = set(next((line for line in cpuinfo.splitlines() if line.startswith("flags")), "").split())
    width = next((words for flag, words in LANES if flag in flags), "4 numbers at once")
    found = f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores for this process, {width}"
    return Finding("processor", "ok", found)


def look_at_clock(clock: Clock, newest: float) -> Finding:
    """Whether the time is later than that of `newest`, a file that is known to be older, seconds since 1970."""
    behind = newest - clock.wall()
    if behind > SKEW_SECONDS:
        found = f"{behind:,.0f} s behind the files on this disk"
        remedy = "set it, and have it kept right (NTP): times in metrics and checkpoints are wrong, learning is not"
        return Finding("clock", "warning", found, remedy)
    return Finding("clock", "ok", "not behind the files on this disk")


def look_at_descriptors(hard: int) -> Finding:
    """How many files and connections the process may have open."""
    most = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if most < FEW_DESCRIPTORS:
        remedy = f"raise the limit (ulimit -Hn, LimitNOFILE=) to at least {FEW_DESCRIPTORS}: each producer takes one"
        return Finding("descriptors", "warning", f"at most {most}", remedy)
    return Finding("descriptors", "ok", f"up to {most:,}")


def installed(module: str) -> bool:
    """Whether a module could be imported; it is not."""
    return importlib.util.find_spec(module) is not None


def cpuinfo() -> str:
    """What the kernel says of the processor."""
    path = Path("/proc/cpuinfo")
    return path.read_text(errors="replace") if path.exists() else ""


def newest_file(*folders: str) -> float:
    """When the newest file directly in or one below these folders was written, seconds since 1970; 0 without any."""
    files = (path for folder in folders for pattern in ("*", "*/*") for path in Path(folder).glob(pattern))
    return max((path.lstat().st_mtime for path in files if path.is_file()), default=0.0)
