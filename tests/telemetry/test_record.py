import pytest

from streamer.telemetry.record import Board, ServiceRecord


def test_a_board_says_starting_before_anything_is_published() -> None:
    record = Board().record
    assert (record.state, record.streams) == ("starting", ())
    assert record.reasons


def test_a_reader_that_holds_a_record_is_not_disturbed_by_the_next_one() -> None:
    board = Board()
    held = board.record
    board.publish(ServiceRecord(state="ready"))
    assert (held.state, board.record.state) == ("starting", "ready")


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Board().record.state = "ready"  # type: ignore[misc]
