"""The figures that the README claims, measured: `make figures` prints them as a Markdown table.

Times are ratios of two measurements of the same minute, or medians; the machine may be busy.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

from streamer import Learner, LearnerSettings
from streamer.bench.outcome import Row, row_of
from streamer.bench.speed import Speed, measure_speed
from streamer.bench.start import start_seconds
from streamer.bench.suite import Trial, learner_outcomes
from streamer.sources.bits import BitSource
from streamer.sources.tasks import INVERSION

WORKERS = 2
Line = Sequence[str]


def on_task(task: str, samples: int, seeds: int, segment: int | None = None, **settings: Any) -> Row:
    trial = Trial(task, samples, segment=segment)
    return row_of(task, "learner", "", samples, learner_outcomes(trial, settings, seeds, WORKERS))


def solved(row: Row) -> str:
    return f"{row.solved} solved, {row.holds} hold; median {row.median:.0f}, worst {row.worst}"


def one_of_the_demo(seed: int) -> tuple[int, float]:
    """When the demo's learner solved the puzzle of a seed, and its accuracy over samples 1,000 to 5,000."""
    block = BitSource(seed=seed).read(0, 5_000)
    right = (Learner(seed=seed).step_many(block.inputs, block.targets) > 0.5) == (block.targets > 0.5)
    sums = np.convolve(right, np.ones(200), "valid")
    return 200 + int(np.argmax(sums >= 198)), float(right[1_000:].mean())


def demo_seeds() -> Iterator[Line]:
    with ProcessPoolExecutor(WORKERS) as pool:
        results = list(pool.map(one_of_the_demo, range(20)))
    good = sum(at <= 400 and accuracy >= 0.999 for at, accuracy in results)
    worst, least = max(at for at, _ in results), min(accuracy for _, accuracy in results)
    yield (
        "the demo, 20 seeds: solved by sample 400, ≥ 99.9 % right over 1,000 to 5,000",
        "20 of 20",
        f"{good} of 20; worst {worst}, least accurate {100 * least:.2f} %",
    )


def puzzle() -> Iterator[Line]:
    plain, ring = on_task("inverse", 1_000, 1_000, memory="none"), on_task("inverse", 1_000, 1_000, memory="ring")
    yield "the puzzle, 1,000 seeds, memory none", "all solved and holding; median ≤ 240, worst ≤ 400", solved(plain)
    yield "the same with the ring (the default)", "all; median ≤ 220, worst ≤ 280", solved(ring)


def late_mistakes(seed: int) -> tuple[int, float]:
    """Mistakes after sample 2,000 in a million samples, and the largest parameter."""
    learner, source, mistakes = Learner(seed=seed), BitSource(seed=seed), 0
    for first in range(0, 1_000_000, 50_000):
        block = source.read(first, 50_000)
        wrong = (learner.step_many(block.inputs, block.targets) > 0.5) != (block.targets > 0.5)
        mistakes += int(wrong[2_000:].sum()) if first == 0 else int(wrong.sum())
    largest = max(float(np.abs(a).max()) for name, a in learner.export().items() if name.startswith("parameters."))
    return mistakes, largest


def for_ever() -> Iterator[Line]:
    with ProcessPoolExecutor(WORKERS) as pool:
        results = list(pool.map(late_mistakes, range(20)))
    mistakes, largest = sum(m for m, _ in results), max(w for _, w in results)
    yield (
        "for ever: 20 seeds × 1,000,000 samples, mistakes after sample 2,000",
        "0, weights finite",
        f"{mistakes}; largest weight {largest:.1f}",
    )


def drift() -> Iterator[Line]:
    row = on_task("drift", 100_000, 5, INVERSION)
    assert row.mistakes_first_quarter is not None
    assert row.mistakes_last_quarter is not None
    yield (
        "drift: inverted every 1,000, 100 segments, 5 seeds; mistakes a segment, first and last quarter",
        "every segment recovered; last ≤ first ≤ 20",
        f"{row.recovered} of {row.segments}; {row.mistakes_first_quarter:.1f} → {row.mistakes_last_quarter:.1f}",
    )


def lags() -> Iterator[Line]:
    sizes: dict[int, dict[str, Any]] = {8: {}, 16: {}, 32: {"memory_size": 50, "memory_radius": 0.98}}
    for (lag, size), limit in zip(sizes.items(), (400, 600, 1_000), strict=True):
        row = on_task(f"copy-{lag}", 4_000, 20, memory="ring", **size)
        yield f"copy of lag {lag}, ring, 20 seeds", f"all solve; median ≤ {limit}", solved(row)


def parity() -> Iterator[Line]:
    row = on_task("parity", 20_000, 20, memory="ring", truncation=8)
    yield "running parity, ring, K = 8, 20 seeds", "all solve within 20,000", solved(row)


def speed() -> Iterator[Line]:
    rows = measure_speed(samples=100_000, few=1_000, repeats=5)

    def find(engine: str, call: str, truncation: int) -> Speed:
        return next(
            row
            for row in rows
            if (row.engine, row.call, row.truncation, row.ratio_to_c is not None) == (engine, call, truncation, True)
        )

    for truncation, limit in ((8, 1.3), (2, 1.5), (32, 1.5)):
        row = find("fused", "step_many", truncation)
        measured = f"{row.ratio_to_c:.2f} × ({row.microseconds_per_sample:.2f} µs)"
        yield f"GRU-16, K = {truncation}, against hand-written C", f"≤ {limit} ×", measured
    fused, reference = find("fused", "step_many", 8), find("reference", "step_many", 8)
    ratio = reference.microseconds_per_sample / fused.microseconds_per_sample
    yield "against torch eager, K = 8", "≥ 500 ×", f"{ratio:,.0f} ×"
    yield "`learn_one`, K = 8", "≤ 6 µs", f"{find('fused', 'learn_one', 8).microseconds_per_sample:.1f} µs"


def kernel_start() -> Iterator[Line]:
    start = start_seconds(3)
    measured = f"{start['warm_seconds']:.2f} s / {start['cold_seconds']:.1f} s"
    yield "first step after the imports, kernels cached / not", "≤ 0.5 s / ≤ 6 s", measured


def in_process_rate(settings: LearnerSettings, engine: Any, samples: int) -> float:
    learner, block = Learner(settings, engine=engine), BitSource().read(0, samples)
    learner.step_many(block.inputs[:64], block.targets[:64])
    started = time.perf_counter()
    learner.step_many(block.inputs[64:], block.targets[64:])
    return (samples - 64) / (time.perf_counter() - started)


def demo_rate(engine: str, samples: int) -> float:
    command = [sys.executable, "-m", "streamer", "demo", "--samples", str(samples), "--json"]
    done = subprocess.run([*command, "--set", f"learner.engine={engine}"], capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1])["samples_per_second"])


def end_to_end() -> Iterator[Line]:
    for engine, samples, wanted in (("reference", 4_000, "≥ 0.8"), ("fused", 1_000_000, "–")):
        ratios = [demo_rate(engine, samples) / in_process_rate(LearnerSettings(), engine, samples) for _ in range(3)]
        yield (
            f"end to end, 256 samples a message, against in process, {engine}",
            wanted,
            f"{statistics.median(ratios):.2f}",
        )


def command_start() -> Iterator[Line]:
    for arguments in (["--help"], ["check-config"]):
        times = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-m", "streamer", *arguments], capture_output=True, check=True)
            times.append(time.perf_counter() - started)
        yield f"`streamer {' '.join(arguments)}`", "< 0.4 s", f"{statistics.median(times):.2f} s"


MEASUREMENTS: tuple[Callable[[], Iterator[Line]], ...] = (
    demo_seeds,
    puzzle,
    for_ever,
    drift,
    lags,
    parity,
    speed,
    kernel_start,
    end_to_end,
    command_start,
)

if __name__ == "__main__":
    print("| what | asked | measured |\n|---|---|---|")
    for measure in MEASUREMENTS:
        for line in measure():
            print(f"| {' | '.join(line)} |", flush=True)
