"""One block through one predictor: samples are predicted and learned, labels that come late meet their predictions.

Event by event, in order: however a stream is cut into blocks, what comes out is the same.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from streamer.learning.predictor import Steps
from streamer.samples import Block, Floats, Numbers
from streamer.service.awaited import Awaited
from streamer.service.screening import screen


@dataclass(slots=True)
class Stepped:
    """What became of a block's events."""

    predictions: list[Floats] = field(default_factory=list)
    """One for each event; NaN for a rejected sample and for a label."""
    samples: list[tuple[Numbers, Floats, Floats, Floats]] = field(default_factory=list)
    """Numbers, inputs, targets and predictions of the samples that were stepped over."""
    scored: list[tuple[Floats, Floats]] = field(default_factory=list)
    """Predictions and targets, NaN for none, in the order in which the targets came."""
    learned: int = 0
    unlabelled: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


def step(predictor: Steps, awaited: Awaited, block: Block) -> Stepped:
    """Step over a block."""
    stepped = Stepped()
    for run in block.runs():
        if run.of is not None and run.labels()[0]:
            _label(predictor, awaited, run, stepped)
        else:
            _sample(predictor, awaited, run, stepped)
    return stepped


def _sample(predictor: Steps, awaited: Awaited, run: Block, stepped: Stepped) -> None:
    screened = screen(run, predictor.admits)
    predictions = predictor.step_many(screened.xs, screened.ys)
    stepped.predictions.append(screened.spread(predictions))
    numbers = np.arange(run.first, run.end)
    passing = numbers if screened.passing is None else numbers[screened.passing]
    stepped.samples.append((passing, screened.xs, screened.ys, predictions))
    stepped.scored.append((predictions, screened.ys))
    unlabelled = np.isnan(screened.ys)
    if count := int(unlabelled.sum()):
        awaited.put(passing[unlabelled], predictions[unlabelled])
    stepped.unlabelled += count
    stepped.learned += len(predictions) - count
    stepped.rejected.update(screened.rejected)


def _label(predictor: Steps, awaited: Awaited, run: Block, stepped: Stepped) -> None:
    assert run.of is not None
    stepped.predictions.append(np.full(len(run), np.nan, np.float32))
    fit = predictor.admits(run.targets) & ~np.isnan(run.targets)
    met, targets = [], []
    for at, number in enumerate(run.of.tolist()):
        found = awaited.take(number, run.first + at) if fit[at] else "target"
        if isinstance(found, str):
            stepped.rejected[found] += 1
        else:
            met.append(found)
            targets.append(run.targets[at])
    stepped.scored.append((np.array(met, np.float32), np.array(targets, np.float32)))
    stepped.learned += len(met)
