"""What one may want to know of a stream besides its scores, in words: a table at the foot of the page."""

from collections.abc import Mapping
from typing import Any

from streamer.telemetry.evidence import NAMES
from streamer.telemetry.verdict import ago

NOTHING = "–"


def facts(status: Mapping[str, Any], stream: Mapping[str, Any], now: float) -> list[tuple[str, str]]:
    """What one may want to know besides: what it is of, and the fact."""
    return [*_of_stream(stream, now).items(), ("Refused by the daemon", _refused(status))] if stream else []


def _of_stream(stream: Mapping[str, Any], now: float) -> dict[str, str]:
    outcomes, at = stream["outcomes"], stream["checkpoint_at"]
    step, reliable = stream["step_microseconds"], stream["mode"] == "reliable"
    return {
        **_gains(stream["skill"]),
        "Samples in its life": f"{stream['samples']:,}",
        "Solved at sample": NOTHING if stream["solved_at"] is None else f"{stream['solved_at']:,}",
        "Last checkpoint": NOTHING if at is None else f"{ago(now - at)} ago",
        "Behind its producer": NOTHING if stream["lag"] is None else f"{stream['lag']:,} samples",
        "Producer may forget below": f"{stream['acknowledged']:,}",
        "Samples without a label": f"{outcomes['unlabelled']:,}",
        "Refused, by reason": _by_reason(stream["rejected"]),
        "Missing on arrival": f"{stream['missing']:,} {'asked for again' if reliable else 'lost'}",
        "Came twice, dropped": f"{outcomes['duplicate']:,}",
        "Time for one sample": NOTHING if step is None else f"{step:,.{1 if step < 100 else 0}f} µs",
        "Engine": stream["engine"],
    }


def _gains(skill: Mapping[str, Any]) -> dict[str, str]:
    """What it gains over each null model, and between which limits that is."""
    size, unit = (1, " bits") if skill["unit"] == "bits" else (100, " %")
    return {
        f"Gain over {NAMES.get(name, name)}": " ".join(
            [f"{size * gain['gain']:.3g}{unit}", f"({size * gain['low']:.3g} to {size * gain['high']:.3g})"]
        )
        for name, gain in skill["baselines"].items()
    }


def _refused(status: Mapping[str, Any]) -> str:
    """What was turned away before it belonged to a stream."""
    kinds = ("frames", "sessions", "handshakes", "publications")
    counts = {kind: status.get(f"refused_{kind}", {}) for kind in kinds}
    return (
        ", ".join(f"{kind}: {_by_reason(reasons)}" for kind, reasons in counts.items() if any(reasons.values()))
        or "nothing"
    )


def _by_reason(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in counts.items() if count) or "none"
