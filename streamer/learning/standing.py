"""What a committee lets one see of each of its members. For eyes and metrics only; nothing depends on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """One member at one moment."""

    name: str
    """From a fixed set, for it is a label of metrics."""
    share: float
    """How much of the prediction it carries, between 0 and 1; all members' sum is 1."""
    loss: float
    """Mean loss of about the last 1,000 labelled samples: bits where classes are predicted, else the absolute error in
    the target's unit. NaN before the first label."""
    benched: int = 0
    """How often it has failed and was taken back from its last good state."""
    out: bool = False
    """Whether it takes no part now: it has failed, or is too dear."""


@dataclass(frozen=True, slots=True)
class Standings:
    """All members, and what their mixture reaches."""

    members: tuple[Standing, ...] = ()
    """None for a predictor that is no committee."""
    loss: float = float("nan")
    """The mixture's own, in the same unit and over the same samples."""

    @property
    def best(self) -> Standing | None:
        """The member of the least loss, of those that take part."""
        told = [member for member in self.members if member.loss == member.loss and not member.out]
        return min(told, key=lambda member: member.loss, default=None)

    @property
    def leading(self) -> Standing | None:
        """The member that carries most."""
        return max(self.members, key=lambda member: member.share, default=None)


ALONE = Standings()
"""Of a predictor that is no committee."""
