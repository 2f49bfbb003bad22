from pathlib import Path

import pytest

from streamer.config.loading import load
from streamer.learning.learner import Learner
from streamer.sources.bits import BitSource

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.mark.parametrize("file", sorted(CONFIGS.glob("*.toml")), ids=lambda file: file.name)
def test_every_shipped_configuration_loads_and_sets_something(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {})
    assert load(str(file)).origins


def accuracy(name: str, seed: int, samples: int) -> float:
    """Of the last 500 of so many samples of the puzzle, by a learner of a shipped configuration."""
    settings = load(str(CONFIGS / name)).settings.learner
    block = BitSource(seed).read(0, samples)
    right = (Learner(settings, seed=seed).step_many(block.inputs, block.targets) > 0.5) == (block.targets > 0.5)
    return float(right[-500:].mean())


@pytest.mark.parametrize("seed", range(3))
def test_the_questions_set_up_fails_and_the_answers_and_the_daemons_own_do_not(seed: int) -> None:
    assert accuracy("question.toml", seed, 5_000) < 0.9
    assert accuracy("answer-online.toml", seed, 2_000) >= 0.99
    assert accuracy("inverse-bit.toml", seed, 1_000) >= 0.99
