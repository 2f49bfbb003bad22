"""The figures that the README claims, measured: `make figures` prints them as a Markdown table.

Times are ratios of two measurements of the same minute, or medians; the machine may be busy.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

from streamer import Learner
from streamer.evaluation.milestones import Solved
from streamer.sources.bits import BitSource

SEEDS, SAMPLES, REPEATS = 20, 5_000, 3


def one_seed(seed: int) -> tuple[int | None, float]:
    """When the default learner solved the puzzle of a seed, and its accuracy over samples 1,000 to 5,000."""
    block = BitSource(seed=seed).read(0, SAMPLES)
    right = (Learner(seed=seed).step_many(block.inputs, block.targets) > 0.5) == (block.targets > 0.5)
    solved = Solved()
    solved.update(right)
    return solved.at, float(right[1_000:].mean())


def seeds() -> Sequence[str]:
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(one_seed, range(SEEDS)))
    solved = [at if at is not None else SAMPLES for at, _ in results]
    good = sum(at <= 400 and accuracy >= 0.999 for at, (_, accuracy) in zip(solved, results, strict=True))
    return (
        f"{SEEDS} seeds: solved by sample 400 and at least 99.9 % right over 1,000 to 5,000",
        f"{SEEDS} of {SEEDS}",
        f"{good} of {SEEDS}; median {statistics.median(solved):.0f}, worst {max(solved)}; "
        f"least accurate {100 * min(accuracy for _, accuracy in results):.2f} %",
    )


def in_process_rate() -> float:
    learner, source = Learner(), BitSource()
    block = source.read(0, SAMPLES)
    learner.step_many(block.inputs[:64], block.targets[:64])
    started = time.perf_counter()
    learner.step_many(block.inputs[64:], block.targets[64:])
    return (SAMPLES - 64) / (time.perf_counter() - started)


def demo_rate() -> float:
    command = [sys.executable, "-m", "streamer", "demo", "--samples", str(SAMPLES), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1])["samples_per_second"])


def end_to_end() -> Sequence[str]:
    ratios = [demo_rate() / in_process_rate() for _ in range(REPEATS)]
    return "end to end, 256 samples a message, against in process", "≥ 0.8", f"{statistics.median(ratios):.2f}"


def start(*arguments: str) -> Sequence[str]:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "streamer", *arguments], capture_output=True, check=True)
        times.append(time.perf_counter() - started)
    return f"`streamer {' '.join(arguments)}`", "< 0.4 s", f"{statistics.median(times):.2f} s"


MEASUREMENTS: tuple[Callable[[], Sequence[str]], ...] = (
    seeds,
    end_to_end,
    lambda: start("--help"),
    lambda: start("check-config"),
)

if __name__ == "__main__":
    print("| what | asked | measured |\n|---|---|---|")
    for measure in MEASUREMENTS:
        print(f"| {' | '.join(measure())} |", flush=True)
