"""How many float32 fit the CPU's vectors."""

from llvmlite import binding


def vector_lanes() -> int:
    """16 with AVX-512, 8 with AVX, else 4 (SSE, NEON)."""
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 16
    return 8 if features.get("avx") else 4
