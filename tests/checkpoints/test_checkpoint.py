from streamer.checkpoints.checkpoint import Checkpoint


def checkpoint(positions: dict[str, int]) -> Checkpoint:
    return Checkpoint("s", 1, {}, positions, "reference", 0.0, {})


def test_the_current_epoch_is_the_last_one() -> None:
    assert checkpoint({"a": 5, "c": 1, "b": 3}).epoch == "b"


def test_before_any_log_there_is_no_epoch() -> None:
    assert checkpoint({}).epoch is None


def test_the_positions_of_past_epochs_are_still_known_and_others_are_not() -> None:
    one = checkpoint({"a": 5, "b": 0})
    assert (one.position("a"), one.position("b"), one.position("c")) == (5, 0, None)
