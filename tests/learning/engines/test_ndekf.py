"""The Kalman filter of both engines, against a plain statement of its equations, block by block."""

from typing import Any

import numpy as np
import pytest
import torch

from streamer.config.learner import NDEKF_LOSSES, LearnerSettings
from streamer.errors import UnavailableError
from streamer.learning.engines.choice import make_engine
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.engines.trail import Trail
from streamer.learning.kalman import NOISE_FLOOR, NOISE_MEMORY, OBSERVATIONS, PRIOR, PROCESS
from streamer.learning.memory import feature_count
from streamer.learning.network import initialise
from streamer.learning.snapshot import part

pytestmark = pytest.mark.timeout(300)  # each case compiles a kernel

# settings of test_agreement, because kernels that are shared are compiled once
BINARY: dict[str, Any] = {"optimiser": "ndekf", "hidden": 17}
HUBER: dict[str, Any] = {"optimiser": "ndekf", "task": "regression", "loss": "huber", "anchoring": 0.01}
SQUARED: dict[str, Any] = {"optimiser": "ndekf", "loss": "squared", "memory": "taps", "memory_size": 2, "hidden": 5}
EACH = pytest.mark.parametrize("values", [BINARY, HUBER, SQUARED], ids=str)
ENGINES = pytest.mark.parametrize("engine", [FusedEngine, ReferenceEngine])

Values = dict[str, Any]
GATES = ("reset", "update", "candidate")


def made(engine: Any, values: Values) -> Any:
    settings = LearnerSettings(**{"memory": "none", "truncation": 4, "anchoring": 0, **values})
    options = {"poison": True} if engine is FusedEngine else {}
    parameters = initialise(feature_count(settings), settings.hidden, 1, settings.outputs)
    return settings, engine(settings, parameters, **options)


def stream(settings: LearnerSettings, count: int) -> Any:
    rng = np.random.default_rng(6)
    xs = rng.standard_normal((count, settings.inputs)).astype(np.float32)
    past = np.roll(xs[:, :1], 1)
    return xs, (past > 0).astype(np.float32) if settings.objective == "binary" else 2 * past


def sensitivities(p: Values, h: Any, window: Any) -> tuple[float, Values]:
    """The output after a window, and its derivative by each parameter, by autograd."""
    p = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in p.items()}
    h = torch.tensor(h, dtype=torch.float64)
    for x in torch.tensor(np.array(window), dtype=torch.float64):
        a, u = p["W"] @ x + p["b"], p["U"] @ h
        r, z = torch.sigmoid(a[0] + u[0]), torch.sigmoid(a[1] + u[1])
        n = torch.tanh(a[2] + r * (u[2] + p["c"]))
        h = (1 - z) * n + z * h
    output = p["v"] @ h + p["a"]
    slopes = torch.autograd.grad(output, tuple(p.values()))
    return float(output.detach()), {name: slope.numpy() for name, slope in zip(p, slopes, strict=True)}


def blocks(values: Values) -> Any:
    """Name and unit of each node, and its weights: W's row, U's row, b and, for the candidate, c; then v and a."""
    for gate, name in enumerate(GATES):
        for unit in range(len(values["c"])):
            own = [*values["W"][gate, unit], *values["U"][gate, unit], values["b"][gate, unit]]
            yield name, unit, np.array([*own, *([values["c"][unit]] if name == "candidate" else [])], np.float64)
    yield "head", 0, np.array([*values["v"], values["a"]], np.float64)


def matrix(triangle: Any) -> Any:
    n = int(np.sqrt(2 * len(triangle)))
    square = np.zeros((n, n))
    square[np.tril_indices(n)] = triangle
    return square + np.tril(square, -1).T


def plain_step(state: Values, h: Any, window: Any, y: float, settings: LearnerSettings) -> dict[Any, Any]:
    """Block → weights and P after an update, and R."""
    p, covariance = part(state, "parameters"), part(state, "optimiser.covariance")
    output, j = sensitivities(p, h, window)
    if settings.objective == "binary":
        e = 4 * (y - 1 / (1 + np.exp(-output)))
    else:
        e = float(np.clip(y - output, -1, 1)) if settings.objective == "huber" else y - output
    pulled = p
    if settings.anchoring:
        pulled = {name: p[name] + settings.anchoring * (state[f"initial.{name}"] - p[name]) for name in p}
    Ps = {(name, unit): matrix(np.atleast_2d(covariance[name])[unit]) for name, unit, _ in blocks(p)}
    js = {(name, unit): own for name, unit, own in blocks(j)}
    R = float(state["optimiser.noise"])
    S = max(R, NOISE_FLOOR) + sum(js[node] @ Ps[node] @ js[node] for node in Ps)
    after: dict[Any, Any] = {}
    for name, unit, weights in blocks(pulled):
        P, own = Ps[name, unit], js[name, unit]
        moved = P - np.outer(P @ own, P @ own) / S
        np.fill_diagonal(moved, np.minimum(np.diag(moved) + PROCESS, PRIOR))
        after[name, unit] = weights + P @ own * e / S, moved
    return after | {"R": R if settings.objective == "binary" else R + (e * e - R) / NOISE_MEMORY}


def assert_is(state: Values, expected: dict[Any, Any]) -> None:
    covariance = part(state, "optimiser.covariance")
    for name, unit, weights in blocks(part(state, "parameters")):
        assert weights == pytest.approx(expected[name, unit][0], abs=1e-5)
        assert matrix(np.atleast_2d(covariance[name])[unit]) == pytest.approx(expected[name, unit][1], abs=1e-5)
    assert float(state["optimiser.noise"]) == pytest.approx(expected["R"], abs=1e-6)


@ENGINES
@EACH
@pytest.mark.parametrize("before", [0, 60])
def test_an_update_is_the_equations(engine: Any, values: Values, before: int) -> None:
    settings, learner = made(engine, values)
    xs, ys = stream(settings, before + 1)
    learner.step_many(xs[:before], ys[:before])
    state, trail = learner.export(), Trail.blank(settings, 1)
    learner.step_many(xs[before:], ys[before:], trail)
    window = [*state["window.inputs"], trail.inputs[0]]
    assert_is(learner.export(), plain_step(state, state["window.hidden"], window, float(ys[-1, 0]), settings))


@ENGINES
def test_the_noise_is_never_taken_for_less_than_its_floor(engine: Any) -> None:
    settings, learner = made(engine, HUBER)
    xs, ys = stream(settings, 3)
    learner.step_many(xs[:2], ys[:2])
    state = learner.export() | {"optimiser.noise": np.array(0.01, np.float32)}
    learner.load(state)
    learner.step_many(xs[2:], ys[2:])
    window = [*state["window.inputs"], xs[2]]
    assert_is(learner.export(), plain_step(state, state["window.hidden"], window, float(ys[2, 0]), settings))


@ENGINES
def test_a_late_label_is_an_update_by_the_equations(engine: Any) -> None:
    settings, learner = made(engine, BINARY)
    xs, ys = stream(settings, 60)
    learner.step_many(xs, ys)
    state, hidden = learner.export(), np.full((1, settings.hidden), 0.25, np.float32)
    windows = np.ones((1, settings.truncation, 1), np.float32)
    learner.relearn(hidden, windows, np.array([3]), np.ones((1, 1), np.float32))
    assert_is(learner.export(), plain_step(state, hidden[0], windows[0, :3], 1.0, settings))


@ENGINES
def test_what_is_uncertain_again_is_so_up_to_the_prior_and_what_is_silent_stays_there(engine: Any) -> None:
    settings, learner = made(engine, BINARY)
    _, ys = stream(settings, 100)
    silent = np.zeros((100, 1), np.float32)
    learner.step_many(silent, ys)
    first_column = np.stack([part(learner.export(), "optimiser.covariance")[name][:, 0] for name in GATES])
    assert (first_column == PRIOR).all()
    for _, P in plain_blocks(learner):
        assert np.diag(P).max() <= PRIOR
        assert np.linalg.eigvalsh(P).min() > 0


def plain_blocks(learner: Any) -> Any:
    for name, triangles in part(learner.export(), "optimiser.covariance").items():
        yield from ((name, matrix(triangle)) for triangle in np.atleast_2d(triangles))


def test_after_a_hundred_thousand_updates_every_block_is_still_a_covariance() -> None:
    settings, learner = made(FusedEngine, BINARY)
    learner.step_many(*stream(settings, 100_000))
    assert learner.counts()["skipped_updates"] == 0
    assert min(np.linalg.eigvalsh(P).min() for _, P in plain_blocks(learner)) > 0


@ENGINES
def test_an_error_beyond_all_numbers_is_not_learned(engine: Any) -> None:
    settings, learner = made(engine, SQUARED)
    learner.step_many(*stream(settings, 5))
    before = learner.export()
    learner.step_many(np.ones((1, 1), np.float32), np.full((1, 1), 1e30, np.float32))
    after = learner.export()
    assert learner.counts()["skipped_updates"] == 1
    for group in ("parameters", "optimiser"):
        for name, array in part(before, group).items():
            np.testing.assert_array_equal(part(after, group)[name], array)


@ENGINES
def test_the_gradient_that_is_seen_is_the_losss(engine: Any) -> None:
    settings, learner = made(engine, BINARY)
    xs, ys = stream(settings, 30)
    learner.step_many(xs, ys)
    state = learner.export()
    prediction = float(learner.step_many(xs[:1], ys[:1])[0, 0])
    _, j = sensitivities(part(state, "parameters"), state["window.hidden"], [*state["window.inputs"], xs[0]])
    norm = abs(prediction - float(ys[0, 0])) * np.sqrt(sum(np.square(slope).sum() for slope in j.values()))
    assert learner.insight().gradient_norm == pytest.approx(norm, rel=1e-4)


def test_the_settings_name_the_losses_that_the_filter_knows() -> None:
    assert set(NDEKF_LOSSES) == OBSERVATIONS.keys()


@pytest.mark.parametrize("name", ["fused", "reference"])
def test_an_engine_of_several_outputs_is_refused(name: Any) -> None:
    settings = LearnerSettings(optimiser="ndekf", task="forecast").model_copy(update={"horizons": (1, 2)})
    with pytest.raises(UnavailableError, match=r"one number.*2 outputs.*rmsprop"):
        make_engine(name, settings, {})
