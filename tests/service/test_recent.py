import numpy as np
import pytest

from streamer.samples import Floats
from streamer.service.recent import RecentSamples
from tests.service.late import LateBits
from tests.service.world import Producer, World


def floats(*numbers: float) -> Floats:
    return np.array(numbers, np.float32)


def test_before_the_first_sample_there_is_nothing_to_see() -> None:
    assert RecentSamples().seen() is None


@pytest.mark.parametrize("size", [1, 7, 100, 256, 300, 1000])
def test_the_last_256_are_seen_however_they_came(size: int) -> None:
    recent, numbers = RecentSamples(), np.arange(1000, dtype=np.float32)
    for first in range(0, 1000, size):
        part = numbers[first : first + size]
        recent.keep(part.astype(np.int64), part[:, None], part + 1, part + 2)
    seen = recent.seen()
    assert seen is not None
    assert seen.numbers.tolist() == list(range(744, 1000))
    assert seen.inputs[:, 0].tolist() == numbers[-256:].tolist()
    assert seen.targets.tolist() == (numbers[-256:] + 1).tolist()
    assert seen.predictions.tolist() == (numbers[-256:] + 2).tolist()


def test_what_a_reader_has_is_not_changed_by_what_comes() -> None:
    recent = RecentSamples()
    recent.keep(np.array([0]), floats(1)[:, None], floats(0), floats(0.5))
    seen = recent.seen()
    recent.keep(np.array([1]), floats(2)[:, None], floats(1), floats(0.25))
    assert seen is not None
    assert seen.inputs.tolist() == [[1.0]]


def test_the_record_of_a_stream_shows_its_samples_without_the_labels_that_came_late() -> None:
    world = World()
    world.run(Producer(world, LateBits()))
    recent = world.record().recent
    assert recent is not None
    assert recent.numbers.tolist() == [number for number in range(300) if number % 5 in (0, 1, 3)]
