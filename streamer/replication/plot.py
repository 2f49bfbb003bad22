"""A finding's picture as a file, with matplotlib, which only this needs: it is asked for when a plot is.

Runs are thin lines, their median a thick one; each curve is named where it ends and not by its colour alone.
Colours are Okabe and Ito's, which people who see colours differently tell apart too.
"""

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from streamer.errors import UnavailableError
from streamer.replication.finding import Panel, Picture, Tone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg")
WIDTH_INCHES, PANEL_INCHES, MARGIN_INCHES = 8.0, 1.75, 1.35
DOTS_PER_INCH = 150
NAME_HEIGHT, NAME_WIDTH = 0.14, 0.1
"""Of a panel: nearer than this, two names would lie on one another."""

TEXT, QUIET = "#222222", "#767676"
_COLOURS: dict[Tone, str] = {"fails": "#D55E00", "learns": "#0072B2", "default": "#009E73", "plain": QUIET}


class _End(NamedTuple):
    """Where something ends that is to be named there, in the units of its axes."""

    name: str
    x: float
    y: float
    colour: str


def check_plot(file: Path) -> None:
    """UnavailableError if no picture can be drawn or written there: better now than when the work is done."""
    if file.suffix.lower() not in FORMATS:
        raise UnavailableError(
            "no plot can be drawn in this form", got=str(file), expected=f"a name in {' or '.join(FORMATS)}"
        )
    if not file.parent.is_dir():
        raise UnavailableError("the plot's directory is not there", got=str(file.parent), remedy="create it")
    if importlib.util.find_spec("matplotlib") is None:
        raise UnavailableError(
            "matplotlib is not installed, and --plot needs it",
            remedy=f"{sys.executable} -m pip install matplotlib, or leave --plot out",
        )


def draw(picture: Picture, file: Path) -> None:
    """Write the picture; UnavailableError if it cannot be written."""
    from matplotlib import rc_context

    # text as outlines: an SVG then looks the same where the font is missing
    with rc_context({"font.family": "DejaVu Sans", "font.size": 9, "svg.fonttype": "path"}):
        figure = _figure(picture)
        try:
            figure.savefig(file, dpi=DOTS_PER_INCH)
        except OSError as error:
            raise UnavailableError("the plot cannot be written", got=f"{file}: {error.strerror}") from None


def _figure(picture: Picture) -> "Figure":
    from matplotlib.figure import Figure

    # Figure, not pyplot: no window system, no global state
    height = MARGIN_INCHES + PANEL_INCHES * len(picture.panels)
    figure = Figure(figsize=(WIDTH_INCHES, height), facecolor="white")
    top, bottom = 1 - 0.95 / height, 0.5 / height
    grid = figure.add_gridspec(len(picture.panels), left=0.085, right=0.84, top=top, bottom=bottom, hspace=0.38)
    panels = list(grid.subplots(sharex=True, sharey=True, squeeze=False)[:, 0])
    figure.text(0.02, 1 - 0.28 / height, picture.title, size=12.5, weight="bold", color=TEXT)
    explanation = f"{picture.subtitle}: {picture.y_label}; thin a seed, thick their median"
    figure.text(0.02, 1 - 0.5 / height, explanation, size=9, color=QUIET)
    for axes, panel in zip(panels, picture.panels, strict=True):
        _panel(axes, panel)
    _scales(panels, picture)
    for axes, panel in zip(panels, picture.panels, strict=True):
        _names(axes, panel)  # where a curve ends on the page is known only once the scales are
    return figure


def _panel(axes: "Axes", panel: Panel) -> None:
    axes.set_title(panel.title, loc="left", size=9.5, color=TEXT, pad=5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#bbbbbb")
    axes.tick_params(colors=QUIET, length=3)
    axes.grid(axis="y", color="#eeeeee")
    axes.set_axisbelow(True)
    for curve in panel.curves:
        colour = _COLOURS[curve.tone]
        axes.plot(curve.x, curve.ys.T, color=colour, linewidth=0.7, alpha=0.45)
        axes.plot(curve.x, np.median(curve.ys, axis=0), color=colour, linewidth=1.8)
    for dots in panel.dots:
        axes.plot(dots.x, dots.y, "o", color=TEXT, markersize=3.5, clip_on=False, zorder=3)
    if panel.level is not None:
        axes.axhline(panel.level[1], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))


def _scales(panels: "Sequence[Axes]", picture: Picture) -> None:
    last = panels[-1]
    last.set_xlabel(picture.x_label, color=QUIET, loc="right")
    last.set_xlim(0, max(curve.x[-1] for panel in picture.panels for curve in panel.curves))
    last.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    if picture.y_scale == "log":
        last.set_yscale("log")
        last.yaxis.set_major_formatter(lambda y, _: f"{y:g}")
        for axes in panels:
            axes.minorticks_off()
        return
    last.set_ylim(0.5, 1.02)
    last.set_yticks([0.5, 0.75, 1.0])
    last.yaxis.set_major_formatter(lambda y, _: f"{100 * y:.0f} %")


def _names(axes: "Axes", panel: Panel) -> None:
    """Each curve's name to the right of its end, moved up where it would lie on another's."""
    to_fraction = axes.transData + axes.transAxes.inverted()
    taken: list[tuple[float, float]] = []
    for end in sorted(_ends(panel, axes.get_xlim()[1]), key=lambda end: end.y):
        x, y = to_fraction.transform((end.x, end.y))
        y = max([y, *(below + NAME_HEIGHT for beside, below in taken if abs(beside - x) < NAME_WIDTH)])
        taken.append((x, y))
        place: dict[str, Any] = {"xycoords": "axes fraction", "xytext": (7, 0), "textcoords": "offset points"}
        axes.annotate(end.name, (x, y), va="center", color=end.colour, **place)


def _ends(panel: Panel, right: float) -> Iterator[_End]:
    for curve in panel.curves:
        yield _End(curve.label, curve.x[-1], float(np.median(curve.ys[:, -1])), _COLOURS[curve.tone])
    for dots in panel.dots:
        yield _End(dots.label, dots.x[-1], dots.y[-1], TEXT)
    if panel.level is not None:
        yield _End(panel.level[0], right, panel.level[1], QUIET)
