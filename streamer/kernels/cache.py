"""The directory of compiled kernels: its owner's alone, and named by everything that decides what the machine code is.

Loading a kernel unpickles it, so nobody else may be able to write there. Numba notices an edited function but not an
edited function that it calls from another file; therefore the name is a hash of all sources, and of the versions and
the CPU.
"""

import hashlib
import os
import platform
import stat
from functools import cache
from pathlib import Path

import llvmlite
import numba
from llvmlite import binding

_SOURCES = ("kernels", "evaluation", "learning")
"""The packages that compiled code comes from."""


@cache
def cache_directory() -> Path | None:
    """Where kernels are kept, or None where no directory of our own can be had; they are then compiled each time."""
    root = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    if not os.path.isabs(root):  # no home, or a setting that the specification says to ignore
        return None
    package = Path(__file__).parents[1]
    return private_directory(Path(root, "streamer", f"kernels-{fingerprint(*(package / name for name in _SOURCES))}"))


def private_directory(path: Path) -> Path | None:
    """The directory, made if need be, if only its owner, who is the user, can enter it; else None."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) & 0o077 == 0
    return path if ours and os.access(path, os.W_OK) else None


def fingerprint(*roots: Path) -> str:
    """A hash of all sources below these, the compiler's versions and the CPU."""
    digest = hashlib.sha256()
    for path in sorted(path for root in roots for path in root.rglob("*.py")):
        digest.update(path.read_bytes())
    features = binding.get_host_cpu_features().flatten()
    versions = (numba.__version__, llvmlite.__version__, platform.python_version(), binding.get_host_cpu_name())
    digest.update(repr((*versions, features)).encode())
    return digest.hexdigest()[:16]
