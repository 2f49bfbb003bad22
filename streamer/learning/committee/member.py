"""What each member of a committee is: it predicts and learns every sample on its own, and knows of no other."""

from typing import Protocol

from streamer.samples import Arrays, Floats, Numbers


class Member(Protocol):
    """Predicts the targets of rows, and learns them.

    Rows are encoded features: finite, and so many that they may become more; new ones come at the end, and have been 0
    before. Whatever the number at first, and however the stream is cut, a member gives the same bits.

    A prediction is W numbers: the probability that a binary target is 1; for each place of a class its probability, all
    0 before the first label; the number expected. NaN says that the member has failed. A member may
    raise instead; then it has changed nothing.
    """

    width: int
    """W."""

    def step_many(self, rows: Floats, ys: Floats) -> Floats:
        """(T, F), (T,) → (T, W), each fixed before its own target is looked at; NaN is no label.

        Targets are 0 and 1, places of classes, or numbers as they are.
        """
        ...

    def peek(self, row: Floats) -> Floats:
        """(1, F) → (1, W), what `step_many` would predict; changes nothing that is exported."""
        ...

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        """Learn labels (n,) of samples stepped over without one, counted from 0; unknown numbers are left out."""
        ...

    def export(self, *, awaited: bool = True) -> Arrays:
        """Everything that decides the future, as arrays (copies); not `awaited`: if no label that is late came."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...
