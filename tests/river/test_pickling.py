"""A pickle, and a copy, go on exactly where the original was: River's checks would not notice if they did not."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from river import compose, datasets, preprocessing

from streamer.river import GRUClassifier, GRURegressor

SMALL = {"hidden": 4, "truncation": 3}
STREAMS: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "truths": (lambda: GRUClassifier(**SMALL, seed=3), datasets.Phishing),
    "classes": (lambda: GRUClassifier(**SMALL, seed=3), datasets.ImageSegments),
    "numbers": (lambda: GRURegressor(**SMALL, seed=3), datasets.TrumpApproval),
    "numbers with dates": (lambda: GRURegressor(**SMALL, seed=3), datasets.AirlinePassengers),
    "a pipeline": (lambda: preprocessing.StandardScaler() | GRUClassifier(**SMALL), datasets.Bananas),
    "a model in a model": (
        lambda: preprocessing.TargetStandardScaler(GRURegressor(**SMALL)),
        datasets.ChickWeights,
    ),
}


def whole_prediction(model: Any, x: Any) -> Any:
    return model.predict_proba_one(x) if hasattr(model, "predict_proba_one") else model.predict_one(x)


def learned(model: Any, samples: Any) -> list[Any]:
    predictions = []
    for x, y in samples:
        predictions.append(whole_prediction(model, x))
        model.learn_one(x, y)
    return predictions


@pytest.mark.parametrize(
    "way", [lambda model: pickle.loads(pickle.dumps(model)), copy.deepcopy], ids=["pickle", "copy"]
)
@pytest.mark.parametrize("stream", STREAMS)
def test_it_goes_on_bit_for_bit(stream: str, way: Callable[[Any], Any]) -> None:
    make, data = STREAMS[stream]
    samples = list(data())[:140]
    model = make()
    learned(model, samples[:70])
    other = way(model)
    assert learned(other, samples[70:]) == learned(model, samples[70:])
    assert pickle.dumps(other) == pickle.dumps(way(model))


@pytest.mark.parametrize("moment", [0, 1, 2, 3])
def test_it_goes_on_from_its_first_samples_as_well(moment: int) -> None:
    samples = list(datasets.AirlinePassengers())[:12]
    model = GRURegressor(**SMALL, seed=3)
    learned(model, samples[:moment])
    other = pickle.loads(pickle.dumps(model))
    assert learned(other, samples[moment:]) == learned(model, samples[moment:])


def test_a_network_that_grows_after_it_was_pickled_grows_as_it_would_have() -> None:
    model = GRUClassifier(**SMALL, seed=3)
    learned(model, [({"a": float(n)}, n % 2 == 0) for n in range(20)])
    other = pickle.loads(pickle.dumps(model))
    grown = [({"a": float(n), "b": float(n % 2), "c": "xyz"[n % 3]}, n % 2 == 0) for n in range(20)]
    assert learned(other, grown) == learned(model, grown)


def test_what_is_learned_by_a_copy_the_original_does_not_know() -> None:
    samples = list(datasets.Phishing())[:60]
    model = GRUClassifier(**SMALL)
    learned(model, samples[:30])
    before = pickle.dumps(model)
    learned(copy.deepcopy(model), samples[30:])
    assert pickle.dumps(model) == before


def test_a_clone_has_learned_nothing_and_a_clone_with_attributes_everything() -> None:
    samples = list(datasets.Phishing())[:60]
    model = GRUClassifier(**SMALL, seed=7)
    first = learned(model, samples[:30])
    assert learned(model.clone(), samples[:30]) == first
    other = model.clone(include_attributes=True)
    assert learned(other, samples[30:]) == learned(model, samples[30:])


def test_a_pipeline_gives_what_its_learner_gives() -> None:
    samples = list(datasets.Bananas())[:60]
    alone, behind = GRUClassifier(**SMALL), compose.Select("1", "2") | GRUClassifier(**SMALL)
    assert learned(behind, samples) == learned(alone, samples)
