"""The dashboard can be asked: its expressions are PromQL, its metrics exist, its panels have room and a description."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.metrics import unknown
from tests.deploy.tools import DEPLOY, passes

GRAFANA = DEPLOY / "grafana"
DASHBOARD: dict[str, Any] = json.loads((GRAFANA / "streamer.json").read_text())


def all_panels() -> list[dict[str, Any]]:
    return [panel for row in DASHBOARD["panels"] for panel in (row, *row.get("panels", ()))]


PANELS = [panel for panel in all_panels() if panel["type"] != "row"]
TITLES = [panel["title"] for panel in PANELS]


def expressions() -> list[str]:
    """Everything that is asked of Prometheus, with Grafana's own variables filled in."""
    asked = [target["expr"] for panel in PANELS for target in panel["targets"]]
    asked += [annotation["expr"] for annotation in DASHBOARD["annotations"]["list"]]
    return [expression.replace("$__rate_interval", "1m") for expression in asked]


def test_promtool_can_read_every_expression(tmp_path: Path) -> None:
    rules = [{"record": f"asked:{number}", "expr": asked} for number, asked in enumerate(expressions())]
    file = tmp_path / "asked.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    assert f"SUCCESS: {len(rules)} rules found" in passes("promtool", "check", "rules", file)


def test_every_metric_is_on_a_real_page_or_recorded() -> None:
    variables = [variable["query"]["query"] for variable in DASHBOARD["templating"]["list"][1:]]
    assert unknown(" ".join(expressions() + variables)) == set()


@pytest.mark.parametrize("panel", PANELS, ids=TITLES)
def test_every_panel_says_what_it_shows_in_which_unit_and_asks_the_chosen_source(panel: dict[str, Any]) -> None:
    assert panel["description"].endswith(".")
    assert panel["type"] == "state-timeline" or panel["fieldConfig"]["defaults"]["unit"]
    assert {panel["datasource"]["uid"], *(target["datasource"]["uid"] for target in panel["targets"])} == {
        "${datasource}"
    }


def test_numbers_and_titles_are_used_once() -> None:
    numbers = [panel["id"] for panel in all_panels()]
    assert len(set(numbers)) == len(numbers)
    assert len(set(TITLES)) == len(TITLES)


def test_no_panel_lies_on_another_or_beside_the_page() -> None:
    places = [(p["x"], p["y"], p["w"], p["h"]) for panel in all_panels() if (p := panel["gridPos"])]
    assert all(x + w <= 24 for x, _, w, _ in places)
    for (x, y, w, h), (u, v, a, b) in combinations(places, 2):
        assert x + w <= u or u + a <= x or y + h <= v or v + b <= y


def test_the_first_line_is_the_verdict() -> None:
    first = [panel["title"] for panel in PANELS if panel["gridPos"]["y"] == 0]
    assert first[:2] == ["Ready", "Skill, worst stream"]
    assert {panel["type"] for panel in PANELS[: len(first)]} == {"stat"}


def test_the_provisioning_points_at_the_compose_files_prometheus_and_dashboards() -> None:
    source = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "prometheus.yaml").read_text())
    provider = yaml.safe_load((GRAFANA / "provisioning" / "dashboards" / "streamer.yaml").read_text())
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text())["services"]
    folder = provider["providers"][0]["options"]["path"]
    assert source["datasources"][0]["url"] == "http://prometheus:9090"
    assert "prometheus" in compose
    assert any(volume.split(":")[1].startswith(folder) for volume in compose["grafana"]["volumes"])
