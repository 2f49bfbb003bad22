"""A finding for people, in the terminal: what was run, ours beside the published, and why it came out so."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from streamer.replication.finding import Finding, Table, Tone

WIDTH = 80
_STYLES: dict[Tone, str] = {"fails": "red", "learns": "blue", "default": "bold green", "plain": "dim"}


def report(finding: Finding) -> RenderableType:
    """Title, settings, table, notes, reason; 80 columns at most."""
    parts: list[RenderableType] = [
        Text(finding.title, style="bold"),
        Text(finding.settings, style="dim"),
        Text(),
        _grid(finding.table),
        Text(),
        *(Text(line, style="dim") for line in finding.notes),
        Text(),
        Text.assemble(("Why  ", "bold"), finding.why),
    ]
    return Padding(Group(*parts), (1, 1, 1, 1), expand=False)


def _grid(table: Table) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for number, column in enumerate(table.columns):
        grid.add_column(column, justify="right" if number else "left", no_wrap=True, vertical="bottom")
    for row in table.rows:
        grid.add_row(*row.cells, style=_STYLES[row.tone])
    return grid
