"""One block through one predictor: samples are predicted and learned, labels that come late meet their samples.

Event by event, in order: however a stream is cut into blocks, what comes out is the same.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from streamer.evaluation.scores import Scores
from streamer.learning.predictor import Steps
from streamer.samples import Block, Floats, Numbers
from streamer.service.awaited import Awaited, Awaiting
from streamer.service.screening import screen


@dataclass(slots=True)
class Stepped:
    """What became of a block's events."""

    predictions: list[Floats] = field(default_factory=list)
    """Rows for each event, (T,) or (T, W); NaN for a rejected sample and for a label."""
    samples: list[tuple[Numbers, Floats, Floats, Floats]] = field(default_factory=list)
    """Numbers, inputs, targets and predictions of the samples that were stepped over."""
    lags: list[int] = field(default_factory=list)
    """Events between a sample and its label, of those that came late."""
    defaulted: int = 0
    """Samples whose label did not come in time and was taken to be the default."""
    learned: int = 0
    unlabelled: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


class Stepping:
    """Steps over the blocks of one log."""

    def __init__(self, predictor: Steps, scores: Scores, awaited: Awaited, *, default: float | None = None) -> None:
        self._predictor = predictor
        self._scores = scores
        self._awaited = awaited
        self._default = default
        self._stepped = Stepped()

    def step(self, block: Block) -> Stepped:
        """Step over a block."""
        while len(block):
            end = block.end if self._default is None else self._give_up_before(block)
            self._step(block.head(end - block.first))
            block = block.since(end)
        return self._stepped

    def _give_up_before(self, block: Block) -> int:
        """Apply the default to what is overdue at the block's first event; the event up to which nothing else is."""
        while (due := self._awaited.next_overdue()) is not None and due <= block.first:
            target = np.array([self._default], np.float32)
            self._learn_late(self._awaited.give_up(), target)
            self._stepped.defaulted += 1
        own = block.first + self._awaited.horizon + 1  # when its own first sample may be overdue
        return min(block.end, own, own if due is None else due)

    def _step(self, block: Block) -> None:
        for run in block.runs():
            if run.of is not None and run.labels()[0]:
                self._label(run, run.of)
            else:
                self._sample(run)

    def _sample(self, run: Block) -> None:
        stepped, first = self._stepped, self._predictor.samples
        screened = screen(run, self._predictor.admits, missing=self._predictor.takes_missing)
        predictions = self._predictor.step_many(screened.xs, screened.ys)
        contexts = self._scores.step(screened.xs, predictions, screened.ys)
        numbers = np.arange(run.first, run.end)
        passing = numbers if screened.passing is None else numbers[screened.passing]
        unlabelled = np.isnan(screened.ys)
        if count := int(unlabelled.sum()):
            self._awaited.put(passing[unlabelled], first + np.flatnonzero(unlabelled), contexts[unlabelled])
        stepped.predictions.append(screened.spread(predictions))
        stepped.samples.append((passing, screened.xs, screened.ys, predictions))
        stepped.unlabelled += count
        stepped.learned += len(predictions) - count
        stepped.rejected.update(screened.rejected)

    def _label(self, run: Block, of: Numbers) -> None:
        fit = self._predictor.admits(run.targets) & ~np.isnan(run.targets)
        for at, number in enumerate(of.tolist()):
            self._label_one(number, run.first + at, run.targets[at : at + 1] if fit[at] else None)
        width = self._predictor.prediction_width
        shape = (len(run),) if width == 1 else (len(run), width)
        self._stepped.predictions.append(np.full(shape, np.nan, np.float32))

    def _label_one(self, number: int, now: int, target: Floats | None) -> None:
        found = self._awaited.take(number, now) if target is not None else "target"
        if isinstance(found, str) or target is None:
            self._stepped.rejected[str(found)] += 1
            return
        self._learn_late(found, target)
        self._stepped.lags.append(now - number)
        self._stepped.learned += 1

    def _learn_late(self, sample: Awaiting, target: Floats) -> None:
        self._predictor.label_many(np.array([sample.step]), target)
        self._scores.label(sample.context[None], target)
