"""Whether checkpoints can be kept, how long the disk takes for one, and where compiled kernels go."""

import os
import statistics
import tempfile
from collections.abc import Callable, Mapping

from streamer.app.doctor.finding import Finding
from streamer.clock import Clock

WRITES = 9
BYTES = 64 * 1024
"""About a checkpoint of the default learner."""
SLOW_SECONDS = 0.1
"""An acknowledgement takes two checkpoints, each two such writes: live producers feel it from here on."""
LITTLE_BYTES = 256 * 1024 * 1024


def look_at_directory(directory: str, clock: Clock) -> list[Finding]:
    """`checkpoints.directory`, or the nearest directory above it that is there; nothing is left in it."""
    place = _existing(directory)
    try:
        seconds = _synced(place, clock)
        room = os.statvfs(place)
    except OSError as error:
        remedy = "mend its permissions or its disk, or set checkpoints.directory to another"
        return [Finding("checkpoints", "problem", f"{place} cannot be written: {error.strerror}", remedy)]
    return [
        Finding("checkpoints", "ok", f"{directory} {'can be written' if place == directory else 'can be made'}"),
        _room(place, room.f_bavail * room.f_frsize),
        _speed(place, seconds),
    ]


def look_at_lock(directory: str, lock: Callable[[str], None]) -> Finding:
    """Whether another daemon holds the directory; `lock` raises BlockingIOError if so."""
    path = f"{directory.rstrip('/')}/.lock"
    if os.path.exists(path):
        try:
            lock(path)
        except BlockingIOError:
            remedy = "stop that one, or set checkpoints.directory to another"
            return Finding("lock", "problem", f"another daemon uses {directory}", remedy)
        except OSError as error:
            remedy = "mend its permissions; it belongs to the user that the daemon ran as"
            return Finding("lock", "problem", f"{path} cannot be locked: {error.strerror}", remedy)
    return Finding("lock", "ok", f"no other daemon uses {directory}")


def look_at_kernel_cache(environment: Mapping[str, str], home: str) -> Finding:
    """Where kernels are kept between starts: a directory that nobody else may write, for they are unpickled."""
    root = environment.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    place = os.path.join(root, "streamer")
    near = _existing(place) if os.path.isabs(root) else ""
    if not near or not os.access(near, os.W_OK | os.X_OK):
        remedy = "set XDG_CACHE_HOME to a directory of this user's own"
        return Finding("kernel cache", "warning", f"{place} cannot be had: each start compiles, some 3 s", remedy)
    kept = [name for name in os.listdir(place) if name.startswith("kernels-")] if near == place else []
    return Finding(
        "kernel cache", "ok", f"{place}{'' if kept else ', still empty: the first start compiles, some 3 s'}"
    )


def _room(place: str, free: int) -> Finding:
    found = f"{free / 1e9:,.1f} GB free at {place}"
    if free < LITTLE_BYTES:
        return Finding("room", "warning", found, "make room: on a full disk nothing is acknowledged")
    return Finding("room", "ok", found)


def _speed(place: str, seconds: float) -> Finding:
    found = f"{seconds * 1e3:.1f} ms to write and sync {BYTES // 1024} kB at {place}"
    if seconds > SLOW_SECONDS:
        remedy = "use a local disk, or have live producers hold a larger buffer: acknowledgements wait for it"
        return Finding("fsync", "warning", found, remedy)
    return Finding("fsync", "ok", found)


def _synced(place: str, clock: Clock) -> float:
    """Seconds for one write that survives a loss of power, the median of several."""
    took = []
    with tempfile.TemporaryFile(dir=place) as file:
        for _ in range(WRITES):
            started = clock.monotonic()
            file.seek(0)
            file.write(os.urandom(BYTES))
            file.flush()
            os.fsync(file.fileno())
            took.append(clock.monotonic() - started)
    return statistics.median(took)


def _existing(path: str) -> str:
    """The path, or the nearest one above it that is there."""
    while not os.path.exists(path):
        path = os.path.dirname(path.rstrip("/")) or "."
    return path
