"""How a committee stands, as the status and the history tell it: who carries how much, and whether mixing pays."""

from collections.abc import Mapping, Sequence
from typing import Any

from streamer.evaluation.skill import Unit
from streamer.learning.standing import Standings
from streamer.telemetry.told import known

LEAST = 0.001
"""A share below this is not told: no eye sees it."""
EVEN = 0.0005
"""A gain smaller than this, in bits or as a share, is called none."""


def gain_over_best(standings: Standings, unit: Unit) -> float | None:
    """What the mixture gains over its best member: bits a sample, or the share of that member's mean absolute error.

    Negative if that member alone would have done better. None before the first label, and for what is no committee.

    >>> from streamer.learning.standing import Standing
    >>> pair = (Standing("linear", 0.25, 0.5), Standing("knn", 0.75, 0.75))
    >>> gain_over_best(Standings(pair, 0.375), "bits"), gain_over_best(Standings(pair, 0.375), "share")
    (0.125, 0.25)
    """
    best = standings.best
    if best is None or known(standings.loss) is None:
        return None
    gain = best.loss - standings.loss
    if unit == "bits":
        return known(gain)
    return known(gain / best.loss) if best.loss > 0 else None


def shares(standings: Standings) -> dict[str, float]:
    """Each member's share of the prediction, to three digits; those next to nothing are left out.

    >>> from streamer.learning.standing import Standing
    >>> shares(Standings((Standing("linear", 0.12345, 0.5), Standing("knn", 0.0001, 0.75))))
    {'linear': 0.123}
    """
    return {member.name: float(f"{member.share:.3g}") for member in standings.members if member.share >= LEAST}


def members_told(standings: Standings) -> list[dict[str, Any]]:
    """Each member, in the order of the line-up; none of a predictor that is no committee."""
    return [
        {
            "name": member.name,
            "share": known(member.share),
            "loss": known(member.loss),
            "benched": member.benched,
            "out": member.out,
        }
        for member in standings.members
    ]


def committee_told(standings: Standings, unit: Unit) -> dict[str, Any] | None:
    """What the mixture reaches, and its best member; None of a predictor that is no committee."""
    if not standings.members:
        return None
    best = standings.best
    return {
        "loss": known(standings.loss),
        "best": None if best is None else best.name,
        "gain_over_best": gain_over_best(standings, unit),
    }


def leading(members: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The member that carries most, of those that the status tells.

    >>> leading([{"name": "linear", "share": 0.25}, {"name": "knn", "share": 0.75}])["name"]
    'knn'
    """
    return max(members, key=lambda member: member["share"] or 0.0, default=None)
