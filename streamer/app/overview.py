"""What a person sees of a daemon in the terminal: its state, all of its streams, one of them in full."""

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from streamer.app.view import WIDTH, marked, stream_view
from streamer.telemetry.evidence import headline

STYLES = {"ready": "bold green", "degraded": "bold red"}


def daemon_view(status: dict[str, Any], chosen: str | None) -> RenderableType:
    """The daemon: its state and where producers connect or why it is not ready, its streams, the chosen one in full."""
    parts: list[RenderableType] = [_state(status)]
    streams = status["streams"]
    if len(streams) > 1:
        parts += [_streams(streams, chosen)]
    if chosen is not None:
        parts += [stream_view(chosen, streams[chosen])]
    else:
        parts += [Text(f"no stream yet; to see one learn: streamer produce bits --to {status['endpoint']}")]
    return Group(*parts)


def _state(status: dict[str, Any]) -> Text:
    state = Text.assemble((status["state"], STYLES.get(status["state"], "bold yellow")), "  ")
    for reason in status["reasons"]:
        state.append(f"{reason}  ", "red")
    return state if status["reasons"] else state.append(f"producers connect to {status['endpoint']}", "dim")


def _streams(streams: dict[str, Any], chosen: str | None) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), width=WIDTH, header_style="dim")
    for heading, justify in (
        ("stream", "left"),
        ("how it does", "left"),
        ("right / ±", "right"),
        ("samples", "right"),
    ):
        table.add_column(heading, justify=justify, overflow="ellipsis", no_wrap=True)  # type: ignore[arg-type]
    for name, stream in streams.items():
        style = "bold" if name == chosen else ""
        words = Text("  ").join(marked(verdict) for verdict in _worth_telling(stream["verdict"]))
        table.add_row(Text(name, style), words, headline(stream), f"{stream['samples']:,}")
    return table


def _worth_telling(verdicts: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """How it learns, and what is bad besides."""
    besides = [verdicts[question] for question in ("keeping_up", "soundness") if verdicts[question]["level"] == "bad"]
    return [verdicts["learning"], *besides]
