"""River's own checks of an estimator, whole."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from river import checks

from streamer.river import GRUClassifier, GRURegressor

# a check that makes features come and go has a kernel compiled for each number of them, the first time on a machine
pytestmark = pytest.mark.timeout(600)

SMALL = {"hidden": 4, "truncation": 2}
MODELS = (GRUClassifier(**SMALL), GRURegressor(**SMALL))


def every_check() -> Iterator[Any]:
    for model in MODELS:
        for number, check in enumerate(checks.yield_checks(model)):
            yield pytest.param(model, check, id=f"{type(model).__name__}-{number}-{check.__name__}")


@pytest.mark.parametrize(("model", "check"), list(every_check()))
def test_it_keeps_what_river_expects_of_an_estimator(model: Any, check: Callable[[Any], None]) -> None:
    check(model.clone())


@pytest.mark.parametrize("model", MODELS)
def test_no_check_is_asked_to_be_left_out(model: Any) -> None:
    assert model._unit_test_skips() == set()


@pytest.mark.parametrize("kind", [GRUClassifier, GRURegressor])
def test_the_defaults_are_among_what_river_tests(kind: Any) -> None:
    assert {} in list(kind._unit_test_params())
