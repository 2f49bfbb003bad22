"""Who carries a committee's prediction, as the terminal shows it."""

from collections.abc import Mapping
from typing import Any

from streamer.telemetry.committee import EVEN, leading
from streamer.telemetry.evidence import percent


def carrying(stream: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Rows of a committee: who carries most, what mixing gains, who is out. None of a learner.

    >>> pair = [{"name": "knn", "share": 0.75, "out": False}, {"name": "linear", "share": 0.25, "out": True}]
    >>> reached = {"loss": 0.375, "best": "knn", "gain_over_best": 0.125}
    >>> for row in carrying({"members": pair, "committee": reached, "skill": {"unit": "bits"}}): print(*row)
    carried by 75.0 % knn, then linear 25.0 %
     0.125 bits gained over its best member, knn
     1 out of 2: linear
    """
    members, reached = stream.get("members", []), stream.get("committee")
    if not members or reached is None:
        return []
    first, *others = sorted(members, key=lambda member: -(member["share"] or 0.0))
    then = f", then {others[0]['name']} {percent(others[0]['share'])}" if others else ""
    rows = [("carried by", percent(first["share"]), f"{first['name']}{then}")]
    if reached["gain_over_best"] is not None:
        rows.append(_mixing(reached, in_bits=stream["skill"]["unit"] == "bits"))
    if out := [member["name"] for member in members if member["out"]]:
        rows.append(("", f"{len(out)} out", f"of {len(members)}: {', '.join(out)}"))
    return rows


def _mixing(reached: Mapping[str, Any], *, in_bits: bool) -> tuple[str, str, str]:
    gain, best = reached["gain_over_best"], reached["best"]
    if abs(gain) < EVEN:
        return "", "as good", f"as its best member, {best}"
    how = "lost against" if gain < 0 else "gained over"
    return "", f"{abs(gain):.3f} {'bits' if in_bits else 'of error'}", f"{how} its best member, {best}"


def carrier(stream: Mapping[str, Any]) -> str:
    """Who carries most, in a few words; empty of a learner.

    >>> carrier({"members": [{"name": "knn", "share": 0.75}]}), carrier({})
    ('knn carries 75.0 %', '')
    """
    first = leading(stream.get("members", []))
    return "" if first is None else f"{first['name']} carries {percent(first['share'])}"
