"""How fast samples go through a daemon over tcp, as `streamer bench transport` measures it."""

from streamer.app.throughput import Throughput, measure_throughput
from tests.faults.line import Figure

LEAST_RATIO, LEAST_PER_SECOND, MOST_FOR_KEYS = 0.7, 60_000, 0.15


def measure(samples: int, repeats: int) -> Figure:
    """At 256 samples a message beside the learner in process, at one sample a message, and encrypted."""
    rows = measure_throughput(samples, repeats, lambda share: None)
    many, one, with_keys = _of(rows, "tcp", 256), _of(rows, "tcp", 1), _of(rows, "curve", 256)
    for_keys = 1 - with_keys.samples_per_second / many.samples_per_second
    measured = (
        f"{many.ratio:.2f} of in process at 256 a message; {one.samples_per_second:,.0f} a second at one; "
        f"CURVE costs {100 * for_keys:.0f} %"
    )
    fast = many.ratio >= LEAST_RATIO and one.samples_per_second >= LEAST_PER_SECOND
    return Figure(measured, fast and for_keys <= MOST_FOR_KEYS)


def _of(rows: list[Throughput], transport: str, batch: int) -> Throughput:
    return next(row for row in rows if (row.transport, row.batch) == (transport, batch))
