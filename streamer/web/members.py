"""The members of a committee on the page: who carries the prediction, what each loses, who is out."""

from collections.abc import Mapping
from html import escape
from typing import Any

from streamer.telemetry.committee import EVEN, leading
from streamer.telemetry.evidence import number, percent

NOTHING = "–"


def members(stream: Mapping[str, Any]) -> str:
    """A row of a table for each member, in the order of the line-up; HTML."""
    first = leading(stream.get("members", []))
    return "".join(
        _row(member, leads=member is first, in_bits=_in_bits(stream)) for member in stream.get("members", [])
    )


def reached(stream: Mapping[str, Any]) -> dict[str, str]:
    """What the committee reaches beside its best member, in words."""
    committee, first = stream.get("committee"), leading(stream.get("members", []))
    if committee is None or first is None:
        return dict.fromkeys(("carrier", "carried", "committee_loss", "mixing", "loss", "loss_unit"), NOTHING)
    in_bits = _in_bits(stream)
    return {
        "carrier": first["name"],
        "carried": percent(first["share"]),
        "committee_loss": _loss(committee["loss"], in_bits=in_bits),
        "mixing": _mixing(committee, in_bits=in_bits),
        "loss": "loss" if in_bits else "error",
        "loss_unit": "log loss, in bits a sample," if in_bits else "absolute error",
    }


def _mixing(committee: Mapping[str, Any], *, in_bits: bool) -> str:
    gain, best = committee["gain_over_best"], committee["best"]
    if gain is None:
        return "nothing is known yet of what mixing gains"
    if abs(gain) < EVEN:
        return f"mixing does as well as the best member, {best}"
    amount = f"{number(abs(gain))} bits a sample" if in_bits else f"{percent(abs(gain))} of the error"
    return f"mixing {f'loses {amount} against' if gain < 0 else f'gains {amount} over'} the best member, {best}"


def _row(member: Mapping[str, Any], *, leads: bool, in_bits: bool) -> str:
    kind = "leads" if leads else "out" if member["out"] else "in"
    return (
        f'<tr class="{kind}"><th scope="row"><i></i>{escape(member["name"])}</th><td>{percent(member["share"])}</td>'
        f"<td>{_loss(member['loss'], in_bits=in_bits)}</td><td>{_failures(member)}</td></tr>"
    )


def _loss(loss: float | None, *, in_bits: bool) -> str:
    """Bits in one column have their points below each other."""
    return number(loss) if loss is None or not in_bits else f"{loss:.3f}"


def _in_bits(stream: Mapping[str, Any]) -> bool:
    return bool(stream["skill"]["unit"] == "bits")


def _failures(member: Mapping[str, Any]) -> str:
    """Whether it takes part, and how often it did not."""
    benched = f"failed {member['benched']:,}×" if member["benched"] else ""
    return ", ".join(word for word in ("<b>out</b>" if member["out"] else "", benched) if word)
