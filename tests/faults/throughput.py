"""How fast samples go through a daemon over tcp, as `streamer bench transport` measures it."""

from streamer.app.throughput import Throughput, measure_throughput
from tests.faults.line import Figure

LEAST_RATIO, LEAST_PER_SECOND = 0.7, 60_000


def measure(samples: int, repeats: int) -> Figure:
    """At 256 samples a message beside the learner in process, and at one sample a message."""
    rows = measure_throughput(samples, repeats, lambda share: None)
    many, one = _over_tcp(rows, 256), _over_tcp(rows, 1)
    measured = f"{many.ratio:.2f} of in process at 256 a message; {one.samples_per_second:,.0f} a second at one"
    return Figure(measured, many.ratio >= LEAST_RATIO and one.samples_per_second >= LEAST_PER_SECOND)


def _over_tcp(rows: list[Throughput], batch: int) -> Throughput:
    return next(row for row in rows if (row.transport, row.batch) == ("tcp", batch))
