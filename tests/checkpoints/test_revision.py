"""What a command makes of a checkpoint when no daemon runs."""

import numpy as np

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.revision import begun_anew, frozen, rolled_back


def checkpoint(value: int, **changes: object) -> Checkpoint:
    arrays = {name: np.array(value) for name in ("learner.w", "scores.n", "delivery.e.first", "awaited.e.numbers")}
    facts: dict[str, object] = {
        "structure": {"hidden": value},
        "engine": f"engine{value}",
        "build": {"numpy": str(value)},
    }
    return Checkpoint("s", value, positions={"e": value}, written_at=value, arrays=arrays, **(facts | changes))  # type: ignore[arg-type]


def values(found: Checkpoint) -> dict[str, int]:
    return {name: int(array) for name, array in found.arrays.items()}


def test_freezing_changes_nothing_else_and_thawing_undoes_it() -> None:
    before = checkpoint(5)
    after = frozen(before, True)
    assert (after.frozen, after.arrays, after.positions) == (True, before.arrays, before.positions)
    assert frozen(after, False).frozen is False


def test_a_stream_that_begins_anew_keeps_its_cursors_and_predictions_and_awaits_no_label() -> None:
    after = begun_anew(checkpoint(5, frozen=True))
    assert values(after) == {"delivery.e.first": 5}
    assert (after.positions, after.frozen) == ({"e": 5}, True)


def test_rolling_back_takes_learner_and_scores_with_what_they_were_made_by_and_leaves_the_rest() -> None:
    after = rolled_back(checkpoint(5, frozen=True), checkpoint(3))
    assert values(after) == {"learner.w": 3, "scores.n": 3, "delivery.e.first": 5}
    assert (after.structure, after.engine, after.build) == ({"hidden": 3}, "engine3", {"numpy": "3"})
    assert (after.positions, after.frozen) == ({"e": 5}, True)


def test_rolling_back_to_a_stream_that_begins_anew_begins_anew() -> None:
    assert values(rolled_back(checkpoint(5), begun_anew(checkpoint(3)))) == {"delivery.e.first": 5}
