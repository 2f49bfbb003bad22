"""River's bundled data sets: our estimators beside River's own, each predicting every sample before it learns it.

All get the same features; where a sample has a date, River's models get what ours makes of it. Those with a linear part
are given a scaler, linear regression one for its targets too: a rival must not be a straw man.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from river import base, datasets, dummy, forest, linear_model, metrics, preprocessing, stats, tree

from streamer.bench.scoring import Kind
from streamer.bench.tables import markdown
from streamer.errors import Fault, SettingsError
from streamer.river import GRUClassifier, GRURegressor
from streamer.river.moments import Moments

Sample = tuple[dict[Any, Any], Any]
Model = Any
"""A classifier or a regressor of River's."""

OURS = "streamer"
WARMED = 200
"""Samples that each model sees before it is timed, in a copy: a kernel is compiled when it is first used."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """One of those that come with River, and how many of its samples are used."""

    name: str
    kind: Kind
    most: int | None = None
    periods: tuple[int, ...] = ()
    """Samples after which it is known to repeat itself: a year of months, a day and a week of hours."""


DATA_SETS: tuple[DataSet, ...] = (
    DataSet("Phishing", "binary"),
    DataSet("Bananas", "binary"),
    DataSet("ImageSegments", "multiclass"),
    DataSet("Shuttle", "binary", most=10_000),
    DataSet("AirlinePassengers", "regression", periods=(12,)),
    DataSet("ChickWeights", "regression"),
    DataSet("TrumpApproval", "regression"),
    DataSet("WaterFlow", "regression", periods=(24, 168)),
    DataSet("SP500Stocks", "regression"),
)


@dataclass(frozen=True, slots=True)
class RiverRow:
    """One model on one data set."""

    stream: str
    samples: int
    model: str
    score_name: str
    score: float
    """The mean over the seeds, from the second sample on: `accuracy` in per cent, `MAE` in the target's unit."""
    spread: float | None
    """Standard deviation over the seeds; None for one, and for a model that draws nothing."""
    seeds: int
    microseconds_per_sample: float
    """To predict and to learn one, the median over the seeds."""


def chosen(names: Sequence[str]) -> tuple[DataSet, ...]:
    """The named data sets; all for no name. SettingsError for a name that none of them has."""
    known = [data.name for data in DATA_SETS]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SettingsError([Fault("--stream", f"got {name!r}", f"use one of {', '.join(known)}") for name in unknown])
    return tuple(data for data in DATA_SETS if data.name in names or not names)


def models_of(kind: Kind) -> Mapping[str, Callable[[int], Model]]:
    """The models for a kind of target by their names, ours first, each made from a seed."""
    ours = GRURegressor if kind == "regression" else GRUClassifier
    return {OURS: lambda seed: ours(seed=seed), **rivals_of(kind)}


def rivals_of(kind: Kind) -> Mapping[str, Callable[[int], Model]]:
    """River's own models for a kind of target."""
    if kind == "regression":
        return {
            "linear regression": lambda seed: _scaled(
                preprocessing.TargetStandardScaler(linear_model.LinearRegression())
            ),
            "Hoeffding tree": lambda seed: _scaled(tree.HoeffdingTreeRegressor()),
            "adaptive random forest": lambda seed: _scaled(forest.ARFRegressor(seed=seed)),
            "no change": lambda seed: dummy.StatisticRegressor(stats.Shift(0)),
        }
    logistic = linear_model.LogisticRegression if kind == "binary" else linear_model.SoftmaxRegression
    return {
        "logistic regression": lambda seed: _scaled(logistic()),
        "Hoeffding tree": lambda seed: tree.HoeffdingTreeClassifier(),
        "adaptive random forest": lambda seed: forest.ARFClassifier(seed=seed),
        "no change": lambda seed: dummy.NoChangeClassifier(),
    }


RANDOM = (OURS, "adaptive random forest")
"""The models that draw from their seed."""


def run_data_set(data: DataSet, seeds: int, advance: Callable[[], None] = lambda: None) -> Iterator[RiverRow]:
    """Each model's row; `advance` is called as each one is done."""
    samples = list(getattr(datasets, data.name)())[: data.most]  # read to its end, so that its file is closed
    plain = list(_without_moments(samples))
    for name, make in models_of(data.kind).items():
        own = samples if name == OURS else plain
        runs = [_run(make, own, data.kind, seed) for seed in range(seeds if name in RANDOM else 1)]
        scores, times = [score for score, _ in runs], [microseconds for _, microseconds in runs]
        yield RiverRow(
            stream=data.name,
            samples=len(samples),
            model=name,
            score_name="MAE" if data.kind == "regression" else "accuracy",
            score=statistics.mean(scores),
            spread=statistics.stdev(scores) if len(scores) > 1 else None,
            seeds=len(runs),
            microseconds_per_sample=statistics.median(times),
        )
        advance()


def table(rows: Sequence[RiverRow]) -> str:
    """The rows for people."""
    return markdown(["stream", "samples", "model", "score", "µs a sample"], [_cells(row) for row in rows])


def _cells(row: RiverRow) -> list[str]:
    digits = 1 if row.score_name == "accuracy" else 2 if row.score >= 1 else 3
    spread = "" if row.spread is None else f" ± {row.spread:.{digits}f}"
    unit = "%" if row.score_name == "accuracy" else row.score_name
    microseconds = row.microseconds_per_sample
    return [
        row.stream,
        f"{row.samples:,}",
        row.model,
        f"{row.score:,.{digits}f}{spread} {unit}",
        f"{microseconds:,.0f}" if microseconds >= 10 else f"{microseconds:.1f}",
    ]


def _run(make: Callable[[int], Model], samples: Sequence[Sample], kind: Kind, seed: int) -> tuple[float, float]:
    """Score, and microseconds a sample."""
    _progress(make(seed), samples[:WARMED])
    started = time.perf_counter()
    predictions = _progress(make(seed), samples)
    elapsed = time.perf_counter() - started
    metric = metrics.MAE() if kind == "regression" else metrics.Accuracy()
    for (_, y), prediction in list(zip(samples, predictions, strict=True))[1:]:  # before the first nothing is known
        metric.update(y, prediction)
    score = metric.get() * (1 if kind == "regression" else 100)
    return score, elapsed / len(samples) * 1e6


def _progress(model: Model, samples: Sequence[Sample]) -> list[Any]:
    """Each sample's prediction, made before it was learned."""
    predictions = []
    for x, y in samples:
        predictions.append(model.predict_one(x))
        model.learn_one(x, y)
    return predictions


def _scaled(model: base.Estimator) -> Model:
    return preprocessing.StandardScaler() | model


def _without_moments(samples: Sequence[Sample]) -> Iterator[Sample]:
    """The samples with each date or time replaced by where it stands in the day, the week and the year."""
    known: dict[Any, Moments] = {}
    for x, y in samples:
        numbers: dict[Any, Any] = {}
        for feature, value in x.items():
            if isinstance(value, date):
                moments = known.setdefault(feature, Moments())
                numbers |= {f"{feature}{wave}": height for wave, height in moments.peek(value)}
                moments.remember(value)
            else:
                numbers[feature] = value
        yield numbers, y
