"""`streamer bench real` as a person and a program see it."""

import json
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from streamer.bench import real as bench_real
from streamer.cli.bench import application
from streamer.errors import SettingsError, StreamerError, UnavailableError

DOORS = str(Path(__file__).parents[1] / "data" / "doors.csv")
FEW = ["--seeds", "1", "--samples", "250"]


@pytest.fixture(autouse=True)
def two_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_real, "run_stream", partial(bench_real.run_stream, members=("prior", "markov")))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application, ["real", *arguments], catch_exceptions=False)


def refused(*arguments: str) -> str:
    with pytest.raises(StreamerError) as caught:
        run(*arguments)
    return str(caught.value)


def test_json_is_the_machine_and_a_row_for_each_predictor() -> None:
    facts = json.loads(run("--stream", "inverse", *FEW, "--json").stdout)
    assert "river" in facts["machine"]
    assert {row["predictor"] for row in facts["rows"]} == {"committee", "prior", "markov"}
    wanted = {"stream", "predictor", "score", "score_name", "log_loss", "microseconds_per_sample", "seeds", "samples"}
    for row in facts["rows"]:
        assert wanted | {"loss_ratio_after_200", "loss_ratio_after_1000"} <= row.keys()


def test_people_get_a_table_and_what_its_words_mean() -> None:
    printed = run("--stream", "inverse", *FEW).stdout
    assert printed.startswith("| stream ")
    assert "Log loss in nats" in printed
    assert "the first one counts too" in printed


def test_a_file_is_run_instead_of_the_bundled_streams_and_drawn(tmp_path: Path) -> None:
    done = run("--file", DOORS, "--target", "open", *FEW, "--json", "--plot", str(tmp_path))
    rows = json.loads(done.stdout)["rows"]
    assert {row["stream"] for row in rows} == {"doors.csv"}
    assert {row["role"] for row in rows} == {"committee", "member", "River"}
    assert {file.name for file in tmp_path.iterdir()} == {"doors.csv.png", "doors.csv.svg"}


def test_rows_left_out_are_told(tmp_path: Path) -> None:
    file = tmp_path / "rows.txt"
    file.write_text("n,y\n" + "1,1\n2,0\n" * 10 + "q,1\n")
    options = ["--file", str(file), "--format", "csv", "--on-bad-row", "skip", "--json", *FEW]
    done = run(*options)
    assert done.stderr == "rows left out, which cannot be taken: 1\n"
    assert {row["samples"] for row in json.loads(done.stdout)["rows"]} == {20}


def test_options_of_a_file_without_one_are_refused() -> None:
    assert "--target: it is of a file, and there is none" in refused("--target", "y")
    with pytest.raises(SettingsError) as caught:
        run("--task", "binary", "--period", "12", "--missing", "-")
    assert [fault.setting for fault in caught.value.faults] == ["--task", "--period", "--missing"]


def test_a_file_beside_a_bundled_stream_is_refused() -> None:
    assert "--stream" in refused("--file", DOORS, "--stream", "Bananas")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--file", "/no/such.csv"], "/no/such.csv: it cannot be read"),
        (["--file", DOORS], "nothing is to be predicted"),
        (["--file", DOORS, "--target", "opne"], "write 'open'"),
        (["--stream", "Banana"], "use one of Phishing"),
    ],
)
def test_mistakes_are_told_before_anything_runs(arguments: list[str], words: str) -> None:
    assert words in refused(*arguments)


def test_a_plot_that_cannot_be_drawn_is_told_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="directory is not there"):
        run("--stream", "inverse", "--plot", str(tmp_path / "nowhere"))
