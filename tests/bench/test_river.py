"""The table beside River: every model predicts before it learns, from the same samples, and is scored alike."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from river import datasets
from typer.testing import CliRunner

from streamer.bench import river
from streamer.bench.river import DATA_SETS, OURS, DataSet, RiverRow, chosen, models_of, run_data_set, table
from streamer.cli.bench import application
from streamer.errors import SettingsError

FEW = DataSet("AirlinePassengers", "regression", most=30)
ROW = RiverRow("Phishing", 1250, "streamer", "accuracy", 89.04, 0.25, 3, 41.26)


class Recorder:
    """A model that predicts the number of samples learned."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def predict_one(self, x: Any) -> float:
        self.seen.append(x)
        return float(len(self.seen) - 1)

    def learn_one(self, x: Any, y: Any) -> None:
        assert self.seen[-1] == x  # predicted first


def test_a_model_is_scored_from_the_second_sample_on(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Recorder] = []

    def make(seed: int) -> Recorder:
        made.append(Recorder())
        return made[-1]

    monkeypatch.setattr(river, "models_of", lambda kind: {"recorder": make})
    [row] = run_data_set(FEW, seeds=3)
    targets = [y for _, y in list(datasets.AirlinePassengers())[:30]]
    assert row.score == pytest.approx(sum(abs(y - t) for t, y in enumerate(targets) if t) / 29)
    assert (row.seeds, row.spread) == (1, None)  # it draws nothing
    assert len(made) == 2  # one to be warm, one to be timed


def test_rivals_get_of_a_date_what_ours_makes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, Sequence[Any]] = {}

    def run(make: Any, samples: Sequence[Any], kind: str, seed: int) -> tuple[float, float]:
        found[make] = samples
        return 0.0, 1.0

    monkeypatch.setattr(river, "_run", run)
    monkeypatch.setattr(river, "models_of", lambda kind: {OURS: OURS, "rival": "rival"})
    list(run_data_set(FEW, seeds=1))
    assert isinstance(found[OURS][1][0]["month"], datetime)
    assert list(found["rival"][1][0]) == [f"month.year.{wave}{k}" for k in (1, 2, 3) for wave in ("sin", "cos")]
    assert [y for _, y in found["rival"]] == [y for _, y in found[OURS]]


def test_each_seed_of_a_model_that_draws_counts() -> None:
    rows = {row.model: row for row in run_data_set(FEW, seeds=2)}
    assert list(rows) == list(models_of("regression"))
    assert {name: row.seeds for name, row in rows.items() if row.seeds > 1} == dict.fromkeys(river.RANDOM, 2)
    assert rows[OURS].spread is not None
    assert all(row.microseconds_per_sample > 0 for row in rows.values())


@pytest.mark.parametrize("data", DATA_SETS, ids=lambda data: data.name)
def test_every_data_set_is_here_without_a_download_and_is_of_its_kind(data: DataSet) -> None:
    kinds = {"binary": "Binary classification", "multiclass": "Multi-class classification", "regression": "Regression"}
    found = getattr(datasets, data.name)()
    assert found.task == kinds[data.kind]
    assert getattr(found, "is_downloaded", True)


def test_one_data_set_can_be_chosen_and_a_wrong_name_is_told() -> None:
    assert [data.name for data in chosen(["Bananas"])] == ["Bananas"]
    assert chosen([]) == DATA_SETS
    with pytest.raises(SettingsError, match=r"'Banana'.*use one of Phishing, Bananas"):
        chosen(["Banana"])


def test_the_table_tells_score_spread_and_time() -> None:
    error = replace(ROW, stream="AirlinePassengers", score_name="MAE", score=12.3456, spread=None)
    lines = table([ROW, error]).splitlines()
    assert "| 89.0 ± 0.2 %" in lines[2]
    assert lines[2].endswith("| 41          |")
    assert "| 12.35 MAE" in lines[3]


def test_the_verb_prints_a_table_and_with_json_the_facts() -> None:
    run = CliRunner().invoke
    options = ["river", "--stream", "AirlinePassengers", "--seeds", "1"]
    plain = run(application, options)
    assert plain.exit_code == 0
    assert plain.stdout.startswith("| stream")
    facts = json.loads(run(application, [*options, "--json"]).stdout)
    assert {row["model"] for row in facts["rows"]} == set(models_of("regression"))
    assert "river" in facts["machine"]
