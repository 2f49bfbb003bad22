"""What watching costs, and whether one can: `python -m tests.figures.watching` prints a Markdown table.

The learner's speed with everything that looks at it against nothing, in turn, several times; the median of the ratios.
Needs chromium for the page.
"""

import contextlib
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.chromium import FLAGS, chromium, paged
from tests.end_to_end.processes import Daemon, ended, produce
from tests.web.scenes import SCENES, shown

SECONDS = 20.0
REPEATS = 5
IDLE = 200
Line = Sequence[str]


def steps(daemon: Daemon) -> tuple[int, float]:
    """Samples learned so far, and the daemon's time then."""
    stream = daemon.stream()
    return stream["next_sequence"], stream["last_sample_at"]


def speed(daemon: Daemon, seconds: float) -> float:
    """Samples a second over a while."""
    count, at = steps(daemon)
    time.sleep(seconds)
    later, then = steps(daemon)
    return (later - count) / (then - at)


def beside_learning(daemon: Daemon) -> float:
    """Seconds of processor time that the daemon's threads but the learner's have used."""
    pid, ticks = daemon.process.pid, 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        if thread.name != str(pid):
            fields = (thread / "stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def scraped(url: str) -> Iterator[list[float]]:
    """A scrape a second, as Prometheus does; gives how long each took."""
    done, took = threading.Event(), []

    def scrape() -> None:
        while not done.wait(1.0):
            took.append(scrape_seconds(url))

    thread = threading.Thread(target=scrape)
    thread.start()
    try:
        yield took
    finally:
        done.set()
        thread.join()


def scrape_seconds(url: str) -> float:
    started = time.perf_counter()
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as response:
        response.read()
    return time.perf_counter() - started


def learning_while_watched(browser: Any) -> Iterator[Line]:
    ratios, scrapes, shares = [], [], []
    with tempfile.TemporaryDirectory() as directory:
        daemon = Daemon(Path(directory))
        producer = produce(daemon.endpoint, 10**9)
        with ended(daemon, producer):
            daemon.until(lambda stream: stream.get("next_sequence", 0) > 1_000_000)
            for _ in range(REPEATS):
                used = beside_learning(daemon)
                alone = speed(daemon, SECONDS)
                used = beside_learning(daemon) - used
                with paged(browser) as page, scraped(daemon.url) as took:
                    page.opened(daemon.url)
                    page.drawn()
                    count, at = steps(daemon)
                    watched = beside_learning(daemon)
                    page.page.wait_for_timeout(1000 * SECONDS)
                    later, then = steps(daemon)
                    shares.append((beside_learning(daemon) - watched - used) / SECONDS)
                ratios.append((later - count) / (then - at) / alone)
                scrapes += took
    yield (
        "learner's speed with metrics, page and a scrape a second, against none of them",
        "≥ 0.95",
        f"{statistics.median(ratios):.3f} (of {', '.join(f'{ratio:.2f}' for ratio in ratios)}); {alone:,.0f} a second",
    )
    yield "what page and scrapes cost the daemon, of one core", "–", f"{100 * statistics.median(shares):.1f} %"
    p95 = statistics.quantiles(scrapes, n=20)[-1]
    yield "scrape at full load, page open, p95", "≤ 15 ms", f"{1000 * p95:.1f} ms of {len(scrapes)}"


def first_picture(browser: Any) -> Iterator[Line]:
    times, sizes = [], []
    with shown(SCENES["solved"]) as (_, url):
        for _ in range(REPEATS):
            with paged(browser) as page:
                started = time.perf_counter()
                page.opened(url)
                page.drawn()
                times.append(time.perf_counter() - started)
                page.page.wait_for_timeout(300)
                sizes.append(page.loaded)
    yield "page to first picture on loopback, median", "≤ 1 s", f"{statistics.median(times):.2f} s"
    yield "all that it loads until then, 5 minutes of history", "≤ 150 kB", f"{max(sizes) / 1000:.0f} kB"


def idle_connections(browser: Any) -> Iterator[Line]:
    with shown(SCENES["five"]) as (_, url):
        port = int(url.rpartition(":")[2])
        idle = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(IDLE)]
        took = [scrape_seconds(url) for _ in range(20)]
        for each in idle:
            each.close()
    yield f"scrape beside {IDLE} idle connections, worst of 20", "≤ 100 ms", f"{1000 * max(took):.1f} ms"


MEASUREMENTS: tuple[Callable[[Any], Iterator[Line]], ...] = (first_picture, idle_connections, learning_while_watched)

if __name__ == "__main__":
    SECONDS, REPEATS = (float(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) == 3 else (SECONDS, REPEATS)
    print("| what | asked | measured |\n|---|---|---|")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for measure in MEASUREMENTS:
            for line in measure(started):
                print(f"| {' | '.join(line)} |", flush=True)
