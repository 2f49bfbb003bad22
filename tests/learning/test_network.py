import numpy as np
import pytest

from streamer.learning.network import UPDATE, initialise, shapes


@pytest.mark.parametrize(("inputs", "hidden", "outputs"), [(1, 1, 1), (1, 16, 1), (3, 7, 1), (3, 7, 2)])
def test_the_parameters_have_the_shapes_they_are_said_to_have(inputs: int, hidden: int, outputs: int) -> None:
    parameters = initialise(inputs, hidden, 0, outputs)
    assert {name: value.shape for name, value in parameters.items()} == shapes(inputs, hidden, outputs)
    assert {value.dtype for value in parameters.values()} == {np.dtype(np.float32)}


def test_recurrent_weights_are_orthogonal_per_gate() -> None:
    for gate in initialise(1, 16, seed=3)["U"]:
        assert gate @ gate.T == pytest.approx(np.eye(16), abs=1e-5)


def test_only_the_update_gates_bias_is_not_zero() -> None:
    b = initialise(1, 8, seed=0)["b"]
    assert (b[UPDATE] == -1).all()
    assert np.count_nonzero(b) == 8


def test_input_weights_and_head_keep_within_their_bounds() -> None:
    parameters = initialise(2, 16, seed=0)
    assert np.abs(parameters["W"]).max() <= np.sqrt(6 / 18)
    assert np.abs(parameters["v"]).max() <= 1 / 4


def test_seeds_differ_and_repeat() -> None:
    assert np.array_equal(initialise(1, 4, seed=1)["W"], initialise(1, 4, seed=1)["W"])
    assert not np.array_equal(initialise(1, 4, seed=1)["W"], initialise(1, 4, seed=2)["W"])


def test_the_first_weights_of_a_seed_stay_what_they_are() -> None:
    parameters = initialise(1, 4, seed=0)
    assert parameters["W"][:, 0, 0].tolist() == [0.9704275727272034, -0.1687503308057785, -0.5067601203918457]
    assert parameters["v"].tolist() == [
        -0.07375959306955338,
        0.4832898676395416,
        -0.3651077449321747,
        -0.3286411166191101,
    ]


def test_only_the_head_depends_on_the_number_of_outputs() -> None:
    one, three = initialise(2, 4, 0), initialise(2, 4, 0, outputs=3)
    assert all(np.array_equal(one[name], three[name]) for name in ("W", "U", "b", "c"))
