"""The question has to fail here as it did there, and only for its reason."""

import pytest

from streamer.replication.finding import Finding
from streamer.replication.keras.gru import GRU
from streamer.replication.keras.initialisers import generators
from streamer.replication.published import QUESTION
from streamer.replication.question import UNITS, replicate
from streamer.replication.system import silent


@pytest.fixture(scope="module")
def finding() -> Finding:
    return replicate([0, 1], silent, samples=2_600)


def test_it_has_the_parameters_of_the_original() -> None:
    assert sum(value.numel() for value in GRU(generators([0]), inputs=1, units=UNITS).parameters()) == 912


def test_same_is_learned(finding: Finding) -> None:
    assert min(finding.ours["same"]["accuracy"]) > 0.95
    assert max(finding.ours["same"]["loss"]) < 0.06


def test_the_question_stays_at_the_base_rate(finding: Finding) -> None:
    ours, nothing = finding.ours["not_same"], finding.ours["always_one"]
    assert ours["solved_at"] == [None, None]
    assert ours["accuracy"] == pytest.approx(nothing["accuracy"], abs=0.04)
    assert ours["loss"] == pytest.approx(nothing["loss"], abs=0.02)


def test_the_gradient_through_two_steps_is_what_it_lacked(finding: Finding) -> None:
    for ours, lacking in zip(finding.ours["not_same_two_steps"]["loss"], finding.ours["not_same"]["loss"], strict=True):
        assert ours < 0.85 * lacking


def test_the_daemons_default_solves_the_same_bits_and_holds(finding: Finding) -> None:
    assert all(moment is not None and moment <= 400 for moment in finding.ours["default"]["solved_at"])
    assert min(finding.ours["default"]["accuracy"]) >= 0.99


def test_the_output_says_why(finding: Finding) -> None:
    assert "gradient is cut" in finding.why
    assert "state itself" in finding.why


def test_published_figures_stand_beside_ours_under_the_same_names(finding: Finding) -> None:
    assert QUESTION["same"] == {"loss": [0.024], "accuracy": [0.993, 0.997]}
    assert QUESTION["not_same"] == {"loss": [0.18, 0.19], "accuracy": [0.74, 0.77]}
    assert finding.published.keys() & finding.ours.keys() == {"same", "not_same"}
