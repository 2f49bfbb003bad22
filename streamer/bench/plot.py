"""A picture of cumulative losses, with matplotlib, which is asked for when a plot is.

Above what each predictor has lost so far; below the same over what the committee has lost: a line under 1 is one that
was better. Each line is named where it ends, and not by its colour alone.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from streamer.bench.real import COMMITTEE, Curves
from streamer.bench.scoring import Doubles
from streamer.errors import UnavailableError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg")
SIZE_INCHES, DOTS_PER_INCH = (9.0, 7.5), 150
FIRST = 10
"""Before the tenth sample a ratio says nothing."""
POINTS = 1_000
"""More than a picture can show."""
LEAST, MOST = 0.5, 8.0
"""Ratios that are shown; what is beyond runs along the edge."""
NAME_HEIGHT = 0.036
"""Of the panel: nearer than this, two names would lie on one another."""

TEXT, QUIET = "#222222", "#767676"
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Okabe and Ito's, which people who see colours differently tell apart too; then the same again, dashed and dotted."""
_DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)), (0, (9, 2)))


class _Line(NamedTuple):
    name: str
    total: Doubles
    style: dict[str, Any]


def draw(curves: Curves, directory: Path) -> list[Path]:
    """Write the picture as PNG and as SVG; their paths. UnavailableError if they cannot be written."""
    from matplotlib import rc_context

    files = [directory / f"{curves.stream}{suffix}" for suffix in SUFFIXES]
    # text as outlines: an SVG then looks the same where the font is missing
    with rc_context({"font.family": "DejaVu Sans", "font.size": 9, "svg.fonttype": "path"}):
        figure = _figure(curves)
        for file in files:
            try:
                figure.savefig(file, dpi=DOTS_PER_INCH)
            except OSError as error:
                raise UnavailableError("the plot cannot be written", got=f"{file}: {error.strerror}") from None
    return files


def _figure(curves: Curves) -> "Figure":
    from matplotlib.figure import Figure

    # Figure, not pyplot: no window system, no global state
    figure = Figure(figsize=SIZE_INCHES, facecolor="white")
    grid = figure.add_gridspec(2, left=0.08, right=0.76, top=0.88, bottom=0.06, hspace=0.2, height_ratios=(2, 3))
    above, below = grid.subplots(sharex=True, squeeze=False)[:, 0]
    figure.text(0.02, 0.955, curves.stream, size=12.5, weight="bold", color=TEXT)
    rivals = "River" in curves.roles.values()
    who = (
        "the committee, each member alone, and River's models (thin)"
        if rivals
        else "the committee and each member alone"
    )
    figure.text(0.02, 0.925, who, color=QUIET)
    at = np.unique(np.linspace(0, len(curves.totals[COMMITTEE]) - 1, POINTS).astype(np.int64))
    own = curves.totals[COMMITTEE]
    for line in _lines(curves):
        above.plot(at + 1, line.total[at], **line.style)
        later = at[at >= min(FIRST, len(own) - 1)]
        below.plot(later + 1, _ratios(line.total[later], own[later]), **line.style)
    _frame(above, f"cumulative {curves.unit}")
    _frame(below, f"the same, over the committee's (up to {MOST:g})")
    _scales(above, below, own)
    _names(below, [(line, float(_ratios(line.total[-1:], own[-1:])[0])) for line in _lines(curves)])
    return figure


def _lines(curves: Curves) -> Iterator[_Line]:
    """The worst first, so that the committee lies on top."""
    styles: dict[str, dict[str, Any]] = {}
    for place, name in enumerate(list(curves.totals)[1:]):
        colour, dash = _COLOURS[place % len(_COLOURS)], _DASHES[place // len(_COLOURS) % len(_DASHES)]
        styles[name] = {"color": colour, "linestyle": dash, "linewidth": 1.3}
        if curves.roles[name] == "River":
            styles[name] |= {"linewidth": 0.7}
    styles[COMMITTEE] = {"color": TEXT, "linewidth": 2.4}
    for name in reversed(list(curves.totals)):
        yield _Line(name, curves.totals[name], styles[name])


def _ratios(totals: Doubles, own: Doubles) -> Doubles:
    """Inside what is shown; 1 where nothing was lost yet."""
    return np.clip(np.divide(totals, own, out=np.ones_like(own), where=own > 0), LEAST, MOST)


def _frame(axes: "Axes", title: str) -> None:
    axes.set_title(title, loc="left", size=9.5, color=TEXT, pad=5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#bbbbbb")
    axes.tick_params(colors=QUIET, length=3, which="both")
    axes.grid(axis="y", color="#eeeeee")
    axes.set_axisbelow(True)


def _scales(above: "Axes", below: "Axes", own: Doubles) -> None:
    below.set_xlim(0, len(own))
    below.set_xlabel("samples", color=QUIET, loc="right")
    below.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    top = above.get_ylim()[1]
    above.set_ylim(0, min(top, MOST * float(own[-1])) or top)
    above.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}" if y >= 10 else f"{y:g}")
    below.set_yscale("log")
    low, high = below.get_ylim()
    below.set_ylim(max(low, LEAST), min(high, MOST))
    ticks = [tick for tick in (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 3, 4, 6, 8) if low <= tick <= high]
    below.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    below.minorticks_off()


def _names(axes: "Axes", ends: Sequence[tuple[_Line, float]]) -> None:
    """Each line's name to the right of its end, moved up or down where it would lie on another's."""
    to_fraction = axes.transData + axes.transAxes.inverted()
    placed = sorted((float(to_fraction.transform((1.0, ratio))[1]), line.name, line) for line, ratio in ends)
    for (y, _, line), height in zip(placed, _apart([y for y, _, _ in placed]), strict=True):
        style = {key: value for key, value in line.style.items() if key != "linestyle"}
        axes.plot([1, 1.03], [y, height], transform=axes.transAxes, clip_on=False, **(style | {"linewidth": 0.5}))
        bold = "bold" if line.name == COMMITTEE else "normal"
        place: dict[str, Any] = {"xycoords": "axes fraction", "va": "center", "size": 8, "weight": bold}
        axes.annotate(line.name, (1.035, height), color=line.style["color"], annotation_clip=False, **place)


def _apart(wanted: Sequence[float]) -> list[float]:
    """Heights in the same order, each at least a name from the next, and near what is wanted.

    >>> [round(height, 3) for height in _apart([0.5, 0.5, 0.9])]
    [0.482, 0.518, 0.9]
    """
    groups: list[list[float]] = []
    for height in wanted:
        groups.append([height])
        while len(groups) > 1 and _top(groups[-2]) + NAME_HEIGHT > _bottom(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    return [_bottom(group) + NAME_HEIGHT * place for group in groups for place in range(len(group))]


def _bottom(group: Sequence[float]) -> float:
    """Of names stacked around the mean of what they want, inside the panel if there is room."""
    height = NAME_HEIGHT * (len(group) - 1)
    return max(0.0, min(float(np.mean(group)) - height / 2, 1.0 - height))


def _top(group: Sequence[float]) -> float:
    return _bottom(group) + NAME_HEIGHT * (len(group) - 1)
