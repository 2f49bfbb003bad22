"""What decides the bits that the kernels compute.

The compiler may not reorder sums, so a CPU's other features do not matter to a kernel: the lanes do, for they are the
order in which a row is summed. The level stands for what numpy picks its own loops by.
"""

from importlib.metadata import version

from llvmlite import binding

from streamer.learning.engines.fused.cpu import vector_lanes

_LEVELS = {
    "x86-64-v4": ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
    "x86-64-v3": ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"),
    "x86-64-v2": ("sse4.2", "ssse3", "popcnt", "cx16"),
}
"""Highest first; a CPU has a level if it has its features and those of all levels below."""


def build() -> dict[str, str]:
    """Versions, CPU level, vector lanes and threads."""
    return {
        "numba": version("numba"),
        "llvmlite": version("llvmlite"),
        "cpu": level(dict(binding.get_host_cpu_features())),
        "lanes": str(vector_lanes()),
        "threads": "1",
    }


def level(features: dict[str, bool]) -> str:
    """The name of a CPU's level, from the features that LLVM finds.

    >>> level({"sse4.2": True, "ssse3": True, "popcnt": True, "cx16": True, "avx2": False})
    'x86-64-v2'
    """
    if not any(name.startswith("sse") for name in features):
        return binding.get_host_cpu_name()
    found = "x86-64-v1"
    for name, needed in reversed(_LEVELS.items()):
        if not all(features.get(feature) for feature in needed):
            break
        found = name
    return found
