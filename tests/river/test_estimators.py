"""What a user of River relies on: labels of every kind, pipelines, evaluation, and errors that say what to do."""

import copy
import math
import pickle
from itertools import islice
from typing import Any

import numpy as np
import pytest
from river import compose, datasets, ensemble, evaluate, metrics, preprocessing

from streamer.errors import SampleError, SettingsError
from streamer.river import GRUClassifier, GRURegressor

SMALL = {"hidden": 4, "truncation": 2}
X: Any = {"a": 1.0}


def inside(model: Any) -> Any:
    """The learner that an estimator holds."""
    return (model._learned[1] if hasattr(model, "_learned") else model._core)._learner


def test_before_the_first_sample_a_classifier_knows_no_class_and_a_regressor_says_nought() -> None:
    assert GRUClassifier().predict_proba_one(X) == {}
    assert GRUClassifier().predict_one(X) is None
    assert GRURegressor().predict_one(X) == 0.0


@pytest.mark.parametrize("truth", [bool, np.bool_])
def test_truths_are_one_probability(truth: Any) -> None:
    model = GRUClassifier(**SMALL)
    model.learn_one(X, truth(True))
    shares = model.predict_proba_one(X)
    assert set(shares) == {False, True}
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    for _ in range(50):
        model.learn_one(X, truth(False))
    assert model.predict_one(X) is False


@pytest.mark.parametrize("labels", [("red", "green", "blue"), (3, 1, 7), (0, 1, 2), (("a", 1), 5, "x")])
def test_classes_of_any_kind_are_found_as_they_come(labels: Any) -> None:
    model = GRUClassifier(**SMALL)
    for count, label in enumerate(labels, 1):
        model.learn_one({"a": float(count)}, label)
        shares = model.predict_proba_one(X)
        assert list(shares) == list(labels[:count])
        assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
    for number in np.random.default_rng(0).integers(len(labels), size=300).tolist():
        model.learn_one({"a": float(number)}, labels[number])
    assert [model.predict_one({"a": float(number)}) for number in range(len(labels))] == list(labels)


def test_a_class_too_many_is_refused_and_nothing_is_learned() -> None:
    model = GRUClassifier(**SMALL, classes=2)
    model.learn_one(X, "a")
    model.learn_one(X, "b")
    before = model.predict_proba_one(X)
    with pytest.raises(SampleError, match=r"got: 'c'; expected: one of 'a', 'b'; do this: .*classes") as caught:
        model.learn_one({"new": 1.0}, "c")
    assert caught.value.reason == "target"
    assert model.predict_proba_one(X) == before
    model.learn_one({"new": 1.0}, "b")


def test_a_text_among_truths_is_refused() -> None:
    model = GRUClassifier(**SMALL)
    model.learn_one(X, True)
    with pytest.raises(SampleError, match="expected: one of False, True"):
        model.learn_one(X, "yes")


def test_a_first_sample_that_is_refused_does_not_say_what_kind_the_labels_are_of() -> None:
    model = GRUClassifier(**SMALL)
    with pytest.raises(SampleError):
        model.learn_one({"a": math.inf}, True)
    assert model.predict_proba_one(X) == {}
    model.learn_one(X, "red")
    assert model.predict_proba_one(X) == {"red": 1.0}


@pytest.mark.parametrize("y", [math.nan, math.inf, "much", [1.0]])
def test_a_target_that_is_no_number_is_refused(y: Any) -> None:
    model = GRURegressor(**SMALL)
    with pytest.raises(SampleError, match="expected: a finite number"):
        model.learn_one({"new": 1.0}, y)
    assert model.predict_one(X) == 0.0


@pytest.mark.parametrize(("model", "y"), [(GRUClassifier(**SMALL), True), (GRURegressor(**SMALL), 3.0)])
def test_a_sample_without_a_label_moves_the_state_and_no_weight(model: Any, y: Any) -> None:
    for number in range(30):
        model.learn_one({"a": float(number % 3)}, y)
    other = copy.deepcopy(model)
    updates = inside(model).counters()["updates"]
    model.learn_one({"a": 7.0}, None)
    assert inside(model).counters()["updates"] == updates
    assert inside(model).counters()["samples"] == 31
    assert inside(model).state_hash() != inside(other).state_hash()


def test_labels_that_never_come_take_no_more_memory() -> None:
    model = GRUClassifier(**SMALL)
    model.learn_one(X, True)
    sizes = []
    for _ in range(2):
        for _ in range(600):
            model.learn_one(X, None)
        sizes.append(len(pickle.dumps(model)))
    assert sizes[1] <= sizes[0] + 100


@pytest.mark.parametrize("model", [GRUClassifier(**SMALL), GRURegressor(**SMALL)])
def test_to_predict_changes_nothing(model: Any) -> None:
    for number, (x, y) in enumerate(islice(datasets.Phishing(), 30)):
        model.learn_one(x, y)
        before = inside(model).state_hash()
        model.predict_one({**x, f"never seen {number}": "something"})
        assert inside(model).state_hash() == before


@pytest.mark.parametrize(("parameter", "value"), [("hidden", 0), ("truncation", 1000), ("step_size", -1.0)])
@pytest.mark.parametrize("kind", [GRUClassifier, GRURegressor])
def test_a_parameter_that_cannot_be_is_told_when_the_model_is_made(kind: Any, parameter: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=parameter):
        kind(**{parameter: value})


def test_equal_seeds_are_equal_and_others_differ() -> None:
    def score(seed: int) -> float:
        return float(evaluate.progressive_val_score(data(), GRUClassifier(**SMALL, seed=seed), metrics.LogLoss()).get())

    def data() -> Any:
        return datasets.Phishing().take(60)

    assert score(1) == score(1) != score(2)


@pytest.mark.parametrize(
    "model",
    [
        preprocessing.StandardScaler() | GRUClassifier(**SMALL),
        compose.SelectType(float) | GRUClassifier(**SMALL),
        ensemble.BaggingClassifier(GRUClassifier(**SMALL), n_models=2, seed=1),
        ensemble.ADWINBaggingClassifier(GRUClassifier(**SMALL), n_models=2, seed=1),
    ],
    ids=["scaler", "selection", "bagging", "adwin"],
)
def test_it_has_its_place_in_what_river_builds_of_models(model: Any) -> None:
    accuracy = evaluate.progressive_val_score(datasets.Phishing().take(300), model, metrics.Accuracy())
    assert accuracy.get() > 0.7


def test_labels_may_come_later_as_river_has_it() -> None:
    data = datasets.Phishing().take(400)
    accuracy = evaluate.progressive_val_score(data, GRUClassifier(), metrics.Accuracy(), delay=50, moment=None)
    assert accuracy.get() > 0.75
