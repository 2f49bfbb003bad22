"""From a kind of target to its mixture."""

from collections.abc import Sequence

from streamer.learning.committee.members.target import Kind
from streamer.learning.committee.mixing.binary import BinaryMixture
from streamer.learning.committee.mixing.classes import ClassMixture
from streamer.learning.committee.mixing.mixture import Mixture
from streamer.learning.committee.mixing.numbers import NumberMixture


def make_mixture(kind: Kind, members: int, *, classes: int, horizon: int, anchors: Sequence[int] = ()) -> Mixture:
    """A mixture of so many members that has seen nothing; of targets so many steps ahead.

    `anchors`, for numbers, are places of members that the top level may lean on directly.
    """
    if kind == "binary":
        return BinaryMixture(members, horizon=horizon)
    if kind == "classes":
        return ClassMixture(members, classes=classes, horizon=horizon)
    return NumberMixture(members, horizon=horizon, anchors=anchors)
