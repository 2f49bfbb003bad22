"""How many samples to learn before looking up: as many as fit into 20 ms, so that nobody waits longer for an answer."""

BLOCK_SECONDS = 0.02
FIRST, MOST = 16, 65_536


class Pace:
    """Follows the measured speed, at most doubling from one block to the next.

    >>> pace = Pace()
    >>> pace.took(16, 0.16)
    >>> pace.samples
    2
    """

    def __init__(self) -> None:
        self.samples = FIRST

    def took(self, count: int, seconds: float) -> None:
        """A block of `count` samples took `seconds`."""
        if count:
            fitting = int(count * BLOCK_SECONDS / max(seconds, 1e-9))
            self.samples = max(1, min(fitting, 2 * self.samples, MOST))
