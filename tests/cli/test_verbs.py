"""What a user reads when a verb is right, and when it is wrong."""

import json
import sys
from pathlib import Path

import pytest

from streamer.cli import produce
from streamer.cli.main import main
from streamer.cli.produce_table import FORMATS, TABLE
from streamer.sources.tasks import TASKS


@pytest.fixture
def streamer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs the command in this process: (exit code, output, errors)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["streamer", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        code = end.value.code
        return code if isinstance(code, int) else int(code is not None), captured.out, captured.err

    return run


def test_check_config_prints_every_setting_with_its_origin(streamer, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("[learner]\nhidden = 4\n")
    code, output, _ = streamer("check-config", str(tmp_path / "s.toml"), "--set", "seed=7")
    assert code == 0
    lines = dict(line.split(" = ") for line in output.splitlines() for line in [" = ".join(line.split(" = ", 1))])
    settings = {name.strip(): rest.split("#") for name, rest in lines.items()}
    assert [part.strip() for part in settings["learner.hidden"]] == ["4", f"{tmp_path / 's.toml'}; structural"]
    assert [part.strip() for part in settings["seed"]] == ["7", "--set; restart"]
    assert [part.strip() for part in settings["telemetry.port"]] == ["19377", "default; restart"]


def test_check_config_prints_json_that_a_program_can_read(streamer) -> None:
    code, output, _ = streamer("check-config", "--json")
    assert code == 0
    assert json.loads(output)["learner.hidden"] == {"value": 16, "origin": "default", "change": "structural"}


def test_check_config_lists_every_fault_and_exits_2(streamer, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("[learner]\nhiden = 4\ntruncation = 0\n[telemetry]\nport = 99999\n")
    code, output, errors = streamer("check-config", str(tmp_path / "s.toml"), "--set", "nonsense")
    assert (code, output) == (2, "")
    assert "4 settings cannot be used" in errors
    for words in ("write learner.hidden", "give at least 1", "give at most 65535", "group.key=value"):
        assert words in errors


def test_a_file_that_is_not_there_is_named(streamer) -> None:
    code, _, errors = streamer("run", "-c", "/no/such/file.toml")
    assert code == 2
    assert "/no/such/file.toml" in errors


def test_status_without_a_daemon_says_how_to_start_one(streamer) -> None:
    code, _, errors = streamer("status", "--url", "http://127.0.0.1:9")
    assert code == 2
    assert "streamer run" in errors


def test_every_task_can_be_produced_by_its_name() -> None:
    assert set(produce.TASKS) == set(TASKS)
    assert {command.name for command in produce.application.registered_commands} == {"bits", *TASKS, *FORMATS, TABLE}


def test_an_unknown_verb_is_a_usage_error(streamer) -> None:
    assert streamer("fly")[0] == 2


@pytest.mark.parametrize("option", [("--probability", "1.5"), ("--batch", "0"), ("--samples", "-3"), ("--rate", "0")])
def test_an_option_out_of_range_is_a_usage_error(streamer, option: tuple[str, str]) -> None:
    code, _, errors = streamer("produce", "bits", *option)
    assert code == 2
    assert option[0] in errors


def test_a_stream_name_that_cannot_be_a_folder_is_refused_before_anything_is_sent(streamer) -> None:
    code, _, errors = streamer("produce", "bits", "--stream", "../etc")
    assert code == 2
    assert "../etc" in errors


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:99999", "tcp://127.0.0.1"])
def test_an_address_that_is_none_is_refused(streamer, address: str) -> None:
    code, _, errors = streamer("produce", "bits", "--to", address)
    assert code == 2
    assert "15577" in errors


@pytest.mark.parametrize("verb", ["check-config", "run", "doctor"])
def test_a_committee_that_there_cannot_be_is_refused_before_anything_starts(
    streamer, tmp_path: Path, verb: str
) -> None:
    directory = tmp_path / "checkpoints"
    chosen = ("predictor=committee", 'committee.members=["gruu"]', f"checkpoints.directory={directory}")
    code, output, errors = streamer(verb, *(word for setting in chosen for word in ("--set", setting)))
    assert (code, output) == (2, "")
    assert "committee.members (from --set): got 'gruu'" in errors
    assert "use prior, markov" in errors
    assert not directory.exists()
