"""The README's tables that come from the code. `make readme` writes them, a test finds them stale."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamer.config.change import change_of
from streamer.config.loading import load
from streamer.config.settings import Settings
from streamer.telemetry.catalogue import COUNTER, SERVICE_METRICS, STREAM_METRICS

README = Path(__file__).parents[2] / "README.md"


def field_of(name: str) -> Any:
    model: Any = Settings
    *groups, key = name.split(".")
    for group in groups:
        model = model.model_fields[group].annotation
    return model.model_fields[key]


def settings_table() -> str:
    rows = ["| setting | default | what and why | a change |", "|---|---|---|---|"]
    for name, _, _ in load().lines():
        field = field_of(name)
        meaning = " ".join((field.description or "").split())
        rows.append(f"| `{name}` | `{json.dumps(field.default)}` | {meaning} | {change_of(Settings, name)} |")
    return "\n".join(rows)


def metrics_table() -> str:
    rows = ["| metric | type | labels | meaning |", "|---|---|---|---|"]
    for metrics, label in ((STREAM_METRICS, "stream"), (SERVICE_METRICS, "")):
        for metric in metrics:
            labels = ", ".join(f"`{name}`" for name in (label, metric.by) if name)
            name = f"{metric.name}_total" if metric.kind == COUNTER else metric.name
            rows.append(f"| `{name}` | {metric.kind} | {labels} | {metric.meaning} |")
    rows.append("| `streamer_build_info` | info | `version`, `python` | The running build. |")
    return "\n".join(rows)


TABLES: dict[str, Callable[[], str]] = {"settings": settings_table, "metrics": metrics_table}


def with_tables(text: str) -> str:
    """The text with each table between its marks as the code has it now."""
    for name, table in TABLES.items():
        text = re.sub(
            rf"<!-- {name} -->.*?<!-- /{name} -->",
            lambda _, name=name, table=table: f"<!-- {name} -->\n{table()}\n<!-- /{name} -->",  # type: ignore[misc]
            text,
            flags=re.DOTALL,
        )
    return text


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text()))
