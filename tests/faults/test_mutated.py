"""200,000 mutated frames; `python -m tests.faults.mutated` sends a million."""

import pytest

from tests.faults.mutated import Storm

FRAMES, SEEDS = 50_000, (1, 2, 3, 4)
MEMORY_BYTES = 8 * 2**20


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_mutated_frame_stops_the_daemon_or_costs_it_memory(seed: int) -> None:
    outcome = Storm(seed).run(FRAMES)
    assert outcome.frames == FRAMES
    assert outcome.memory_growth < MEMORY_BYTES


def test_mutants_reach_every_check_of_the_codec_and_the_daemon_behind_it() -> None:
    storm = Storm(seed=1)
    outcome = storm.run(20_000)
    assert set(outcome.by_reason) == {"parts", "checksum", "header", "version", "kind", "fields", "payload", "labels"}
    assert 0.02 < outcome.accepted / outcome.frames < 0.5
    reception = storm.world.loop.reception
    assert {"session", "credit"} <= set(reception.refused_frames)
    assert {"damaged", "inputs", "beyond", "columns", "task"} <= set(reception.refused_sessions)
    learned = {stream.name: sum(stream.positions.values()) for stream in storm.world.loop.streams}
    assert min(learned["s"], learned["t"]) > 1_000  # good frames get through all the while
