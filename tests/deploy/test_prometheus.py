"""The rules are right, each alert fires when it should and not otherwise, and a person is told what to do about it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.metrics import files, unknown
from tests.deploy.tools import DEPLOY, passes

PROMETHEUS = DEPLOY / "prometheus"
CASES = sorted((PROMETHEUS / "tests").glob("*.yaml"))


def rules(name: str) -> list[dict[str, Any]]:
    groups = yaml.safe_load((PROMETHEUS / name).read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


ALERTS = [rule["alert"] for rule in rules("alerts.yaml")]


def expected(alert: str) -> list[bool]:
    """For each look at an alert in the cases: whether it should fire."""
    looks = [
        look
        for file in CASES
        for case in yaml.safe_load(file.read_text())["tests"]
        for look in case.get("alert_rule_test", [])
    ]
    return [bool(look["exp_alerts"]) for look in looks if look["alertname"] == alert]


def test_prometheus_takes_the_configuration_and_its_rules() -> None:
    assert "SUCCESS: 2 rule files found" in passes("promtool", "check", "config", PROMETHEUS / "prometheus.yaml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_rules_do_what_their_cases_say(case: Path) -> None:
    passes("promtool", "test", "rules", case)


@pytest.mark.parametrize("alert", ALERTS)
def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_stays_silent(alert: str) -> None:
    assert {True, False} == set(expected(alert))


@pytest.mark.parametrize("rule", rules("alerts.yaml"), ids=ALERTS)
def test_each_alert_leads_to_a_paragraph_that_says_what_to_do(rule: dict[str, Any]) -> None:
    runbook = (PROMETHEUS / "README.md").read_text()
    assert rule["annotations"]["runbook"] == f"deploy/prometheus/README.md#{rule['alert'].lower()}"
    assert re.search(rf"^## {rule['alert']}\n\n\w", runbook, flags=re.MULTILINE)
    assert rule["labels"]["severity"] in ("critical", "warning")


def test_the_runbook_has_no_alert_that_is_none() -> None:
    assert re.findall(r"^## (\w+)$", (PROMETHEUS / "README.md").read_text(), flags=re.MULTILINE) == ALERTS


def test_every_metric_in_rules_and_runbook_is_on_a_real_page_or_recorded() -> None:
    texts = [path.read_text() for path in files("prometheus/*.yaml", "prometheus/*.md", "prometheus/tests/*.yaml")]
    assert unknown(" ".join(texts)) == set()
