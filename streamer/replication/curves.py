"""From traces to the curves of a picture."""

import numpy as np

from streamer.replication.finding import Curve, Tone
from streamer.replication.trace import Trace

FIRST, EVERY = 50, 10
"""Before the fiftieth sample a share says nothing; a point every ten samples is more than a picture can show."""


def accuracy_curve(label: str, run: Trace, tone: Tone) -> Curve:
    """The sliding accuracy of each run of a trace."""
    points = slice(FIRST - 1, None, EVERY)
    return Curve(label, np.arange(1.0, run.samples + 1)[points], run.sliding_accuracy()[:, points], tone)
