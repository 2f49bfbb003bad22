"""A member that is shown no features: what it knows it knows of targets."""

from streamer.learning.committee.member import Member
from streamer.samples import Arrays, Floats, Numbers


class Blind:
    """Hides rows from a member."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self.width = member.width

    def step_many(self, rows: Floats, ys: Floats) -> Floats:
        """(T, F), (T,) → (T, W)."""
        return self._member.step_many(rows[:, :0], ys)

    def peek(self, row: Floats) -> Floats:
        """(1, F) → (1, W)."""
        return self._member.peek(row[:, :0])

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """As the member does."""
        self._member.label_many(numbers, ys)

    def export(self, *, awaited: bool = True) -> Arrays:
        """The member's."""
        return self._member.export(awaited=awaited)

    def load(self, arrays: Arrays) -> None:
        """The member's."""
        self._member.load(arrays)
