"""What `streamer produce FILE` says about the rows: what was found before they go, and how it ended."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streamer.app.tables import Opened, Outcome, TablePlan
    from streamer.sources.tables.layout import Layout

SHOWN = 8
"""Columns that are named; of more, only how many."""


def introduction(opened: "Opened") -> list[str]:
    """What was found, before it goes."""
    layout, schema = opened.layout, opened.layout.schema
    kinds = {kind: [c.name for c in schema.columns if c.kind == kind] for kind in ("numeric", "category")}
    cycles = dict.fromkeys(".".join(c.name.split(".")[:-1]) for c in schema.columns if c.kind == "cycle")
    words = {"numeric": "numbers", "category": "categories"}
    parts = [f"{words[kind]}: {_some(names)}" for kind, names in kinds.items() if names]
    if layout.time is not None:
        parts.append(f"times: {_some(list(cycles)) or 'none that come round again'}")
    rows = "rows as they come" if opened.rows is None else _rows(opened.rows)
    what = "none; name it with --target" if layout.target is None else _target(layout)
    lines = [f"{opened.name!r}: {rows}; {'; '.join(parts)}; target: {what}"]
    if opened.left_out:
        lines.append(f"{_rows(opened.left_out)} left out, which cannot be taken")
    return lines


def facts(outcome: "Outcome") -> dict[str, Any]:
    """How it ended, for a program."""
    produced = outcome.produced
    return {
        "stream": produced.stream,
        "started_from": produced.started_from,
        "learned": produced.learned,
        "rejected": produced.rejected,
        "left_out": outcome.left_out,
        "predictions": outcome.written,
        "complete": produced.complete,
        "epoch": produced.epoch,
    }


def conclusion(plan: "TablePlan", outcome: "Outcome") -> str:
    """How it ended, for a person."""
    produced = outcome.produced
    parts = [f"{produced.learned:,} samples of {produced.stream!r} are learned"]
    if produced.rejected:
        parts.append(f"{produced.rejected:,} of them rejected: see the daemon's streamer_rejected_samples_total")
    if outcome.left_out:
        parts.append(f"{_rows(outcome.left_out)} left out: see {plan.bad_path}")
    if outcome.written is not None:
        parts.append(f"{outcome.written:,} predictions written" + (f", {outcome.score}" if outcome.score else ""))
    if outcome.unknown:
        parts.append(f"not used, as the first row did not have them: {_some(outcome.unknown)}")
    if produced.unsafe:
        parts.append(f"{_rows(produced.unsafe)} not safe yet, and lost: `streamer spool` keeps what must not be")
    elif not produced.complete:
        parts.append("not complete; started again, it goes on there")
    return "; ".join(parts)


def _target(layout: "Layout") -> str:
    if layout.schema.horizons:
        return f"{layout.target_name}, {' and '.join(map(_rows, layout.schema.horizons))} ahead"
    return f"{layout.target_name} ({'classes' if layout.schema.target == 'category' else 'numbers'})"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _some(names: "Sequence[str]") -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
