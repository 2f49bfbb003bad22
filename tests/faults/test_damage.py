"""Some of the bits and lengths of a checkpoint file; `make faults` does ten times as many."""

from tests.faults.damage import undetected


def test_a_checkpoint_with_one_bit_flipped_or_cut_short_is_passed_over_for_the_one_before() -> None:
    assert undetected(1_000, 100) == (1_000, 100, 0)
