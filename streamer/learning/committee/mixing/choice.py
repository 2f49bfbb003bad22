"""From a kind of target to its mixture."""

from streamer.learning.committee.members.target import Kind
from streamer.learning.committee.mixing.binary import BinaryMixture
from streamer.learning.committee.mixing.classes import ClassMixture
from streamer.learning.committee.mixing.mixture import Mixture
from streamer.learning.committee.mixing.numbers import NumberMixture


def make_mixture(kind: Kind, members: int, *, classes: int, horizon: int) -> Mixture:
    """A mixture of so many members that has seen nothing; of targets so many steps ahead."""
    if kind == "binary":
        return BinaryMixture(members, horizon=horizon)
    if kind == "classes":
        return ClassMixture(members, classes=classes, horizon=horizon)
    return NumberMixture(members, horizons=(horizon,))
