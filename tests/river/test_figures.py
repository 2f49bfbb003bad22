"""What it reaches on data that come with River, with the defaults, every prediction made before its label was seen."""

from statistics import mean
from typing import Any

import pytest
from river import datasets, evaluate, metrics

from streamer.river import GRUClassifier, GRURegressor

SEEDS = range(3)


def scores(data: Any, kind: Any, metric: Any) -> list[float]:
    return [evaluate.progressive_val_score(data(), kind(seed=seed), metric()).get() for seed in SEEDS]


@pytest.mark.parametrize(("data", "least"), [(datasets.Phishing, 0.885), (datasets.Bananas, 0.74)])
def test_accuracy(data: Any, least: float) -> None:
    assert mean(scores(data, GRUClassifier, metrics.Accuracy)) >= least


def test_error_one_month_ahead() -> None:
    assert mean(scores(datasets.AirlinePassengers, GRURegressor, metrics.MAE)) <= 14
