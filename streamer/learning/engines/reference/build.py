"""What decides the bits that torch computes."""

import torch


def build() -> dict[str, str]:
    """Its version, the kernels that it picked for the CPU, and how many threads share a sum."""
    return {
        "torch": str(torch.__version__),
        "cpu": torch.backends.cpu.get_cpu_capability(),
        "threads": str(torch.get_num_threads()),
    }
