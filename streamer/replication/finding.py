"""What a replication hands back: figures beside the published ones, the reason, and what a picture needs.

Plain values only, so that the terminal, JSON and the plot tell the same story and none of them computes anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Tone = Literal["fails", "learns", "default", "plain"]
"""What a row or curve is in the story; a style in the terminal, a colour in the picture."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One system of the table, its cells in the order of the table's columns."""

    cells: tuple[str, ...]
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns may hold a line break; the first one names the system."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One line a run: x (P,), ys (R, P)."""

    label: str
    x: Values
    ys: Values
    tone: Tone


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Single values, the published ones: x (P,), y (P,)."""

    label: str
    x: Values
    y: Values


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves on one pair of axes; `level` is a value that needs no learning, with its name."""

    title: str
    curves: tuple[Curve, ...]
    dots: tuple[Dots, ...] = ()
    level: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Panels under one another, on one x axis."""

    title: str
    subtitle: str
    x_label: str
    y_label: str
    panels: tuple[Panel, ...]
    y_scale: Literal["percent", "log"] = "percent"


@dataclass(frozen=True, slots=True)
class Finding:
    """One replication. `ours` and `published` have equal keys where they speak of the same thing."""

    system: str
    title: str
    settings: str
    table: Table
    notes: tuple[str, ...]
    ours: Mapping[str, Any]
    published: Mapping[str, Any]
    why: str
    picture: Picture

    def facts(self) -> dict[str, Any]:
        """The finding as one JSON object."""
        return {"system": self.system, "ours": self.ours, "published": self.published, "why": self.why}
