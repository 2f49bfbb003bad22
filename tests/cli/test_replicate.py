"""What `streamer replicate` prints: one JSON object, or a report that fits a terminal."""

import json
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from streamer.cli.main import application
from streamer.replication import answer_batch, answer_online, question

SYSTEMS = ["question", "answer-batch", "answer-online"]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (question, answer_online):
        monkeypatch.setattr(module, "replicate", partial(module.replicate, samples=250))
    monkeypatch.setattr(answer_batch, "replicate", partial(answer_batch.replicate, sequences=40))
    monkeypatch.setattr(answer_batch, "DEFAULT_SAMPLES", 250)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application, ["replicate", *arguments, "--seeds", "2"], catch_exceptions=False)


@pytest.mark.parametrize("system", SYSTEMS)
def test_json_is_one_object_with_ours_beside_the_published(system: str) -> None:
    facts = json.loads(run(system, "--json").stdout)
    assert list(facts) == ["system", "ours", "published", "why"]
    assert facts["system"] == system
    assert "default" in facts["ours"]
    assert facts["ours"].keys() & facts["published"].keys()
    assert facts["published"]["source"].startswith("https://")


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_report_fits_a_terminal_and_says_why(system: str) -> None:
    printed = run(system).stdout
    assert max(map(len, printed.splitlines())) <= 80
    assert "…" not in printed
    assert "published" in printed
    assert "Why  " in printed
    assert "daemon's default" in printed


def test_a_plot_is_drawn_beside_the_facts(tmp_path: Path) -> None:
    done = run("question", "--json", "--plot", str(tmp_path / "curves.png"))
    assert json.loads(done.stdout)["system"] == "question"
    assert (tmp_path / "curves.png").stat().st_size > 10_000
