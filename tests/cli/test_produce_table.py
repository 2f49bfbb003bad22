"""What a person reads who publishes a table: what was found in it, and what is wrong."""

import sys
from pathlib import Path

import pytest
import typer

from streamer.app.production import Produced
from streamer.app.tables import Opened, Outcome, TablePlan
from streamer.cli.main import main
from streamer.cli.produce_table import character, listed, steps
from streamer.cli.table_words import conclusion, introduction
from streamer.errors import SettingsError
from streamer.sources.tables.mapping import Mapping, load_mapping, merged
from streamer.sources.tables.source import TableSource

DATA = Path(__file__).parents[1] / "data"
NOWHERE = ("--to", "ipc:///nowhere/at/all")


@pytest.fixture
def produce(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs `streamer produce …` in this process: (exit code, output, errors)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["streamer", "produce", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        code = end.value.code
        return code if isinstance(code, int) else int(code is not None), captured.out, captured.err

    return run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no.csv"], "there is no such file or directory, nor a synthetic stream of this name; got: 'no.csv'"),
        (["bit"], "do this: write bits"),
        (["doors.csv", "--target", "opne"], "--target: there is no such column; got: 'opne'"),
        (["--target", "opne", "doors.csv"], "--target: there is no such column; got: 'opne'"),
        (["csv", "doors.csv", "--target", "opne"], "--target: there is no such column; got: 'opne'"),
        (["jsonl", "doors.csv"], "doors.csv, line 1: it is not JSON here"),
        (["doors.csv", "--replay"], "--replay: without moments there is no pace; do this: give --time COLUMN"),
        (["doors.csv", "--speed", "2", "--rate", "2"], "--rate: it is not the pace"),
        (["-", "--samples", "2"], "stdin comes as fast as it comes"),
        (["doors.csv", "--forecast", "0"], "give at most 16 whole numbers"),
        (["doors.csv", "--delimiter", ",,"], "give --delimiter one character"),
        (["doors.csv", "--on-bad-row", "mend"], "--on-bad-row"),
        (["doors.csv", "--columns", "no.toml"], "no.toml: the file of columns cannot be read"),
        (["doors.csv", "--stream", "a/b"], "stream: got 'a/b'"),
        (["doors.csv", "--to", "nowhere"], "endpoint: "),
        (["river:Phising"], "do this: write river:Phishing"),
        (["doors.csv", "--predictions", "no/out.csv"], "no/out.csv: predictions cannot be written"),
    ],
)
def test_a_users_mistake_is_told_in_words_with_exit_code_2(
    produce, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(DATA)
    code, output, errors = produce(*arguments)
    assert (code, output) == (2, "")
    assert words in errors
    assert "Traceback" not in errors


def test_the_columns_can_be_said_in_a_file_and_options_win(tmp_path: Path) -> None:
    path = tmp_path / "columns.toml"
    path.write_text('target = "price"\nignore = ["id"]\ntime = "when"\nforecast = [1, 24]\n')
    said = merged(load_mapping(str(path)), Mapping(ignore=("shop",)))
    assert said == Mapping(target="price", ignore=("shop",), time="when", forecast=(1, 24))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("targte = 1", "unknown field"),
        ("target = 1", "Expected `str"),
        ("forecast = [0]", "Expected `int` >= 1"),
        ("target =", "is not TOML"),
    ],
)
def test_a_file_of_columns_that_is_wrong_is_told(produce, tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "columns.toml"
    path.write_text(content)
    code, _, errors = produce(str(DATA / "doors.csv"), "--columns", str(path))
    assert code == 2
    assert words in errors


def test_words_of_the_command_line() -> None:
    assert listed(None) == ()
    assert listed('NA,""') == ("NA", "")
    assert (character("tab"), character("\\t"), character(";"), character(None)) == ("\t", "\t", ";", None)
    for wrong in ("0", "x", "1025", ",".join("1" * 17)):
        with pytest.raises(typer.BadParameter):
            steps(wrong)


def opened(source: TableSource, rows: int | None = None, left_out: int = 0) -> Opened:
    return Opened("s", source.layout, rows, left_out, str)


def test_it_says_what_it_has_found() -> None:
    shops = TableSource(str(DATA / "shops.csv"), Mapping(target="price", ignore=("id", "when"), forecast=(1, 24)))
    assert introduction(opened(shops, 480)) == [
        "'s': 480 rows; numbers: visitors, price; categories: shop; target: price, 1 row and 24 rows ahead"
    ]
    times = TableSource(str(DATA / "shops.csv"), Mapping(target="price", inputs=("visitors",), time="when"))
    assert introduction(opened(times, 480)) == [
        "'s': 480 rows; numbers: visitors; times: when.day, when.week; target: price (numbers)"
    ]
    events = TableSource(str(DATA / "events.jsonl"), Mapping(target="next"))
    assert introduction(opened(events, None, 1)) == [
        "'s': rows as they come; numbers: page.depth, page.secure, spent, sale; target: next (classes)",
        "1 row left out, which cannot be taken",
    ]
    assert introduction(opened(TableSource(str(DATA / "doors.csv"))))[0].endswith("target: none; name it with --target")


def test_it_says_how_it_ended() -> None:
    plan = TablePlan("a/data.csv")
    whole = Produced("s", "e", 0, 1000, 0, True)
    assert conclusion(plan, Outcome(whole, 0, None, "")) == "1,000 samples of 's' are learned"
    assert conclusion(plan, Outcome(whole, 2, 900, "accuracy 9.0 %", ("b",))) == (
        "1,000 samples of 's' are learned; 2 rows left out: see a/data.csv.bad; "
        "900 predictions written, accuracy 9.0 %; "
        "not used, as the first row did not have them: b"
    )
    stopped = Produced("s", "e", 0, 10, 0, False)
    assert conclusion(plan, Outcome(stopped, 0, None, "")).endswith("not complete; started again, it goes on there")
    lost = Produced("s", "e", 0, 10, 0, False, unsafe=3)
    assert "3 rows not safe yet, and lost" in conclusion(TablePlan("-"), Outcome(lost, 0, None, ""))


def test_what_does_not_go_together_is_told_all_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        TablePlan("-", speed=1.0, rate=2.0)
    assert [fault.setting for fault in caught.value.faults] == ["--rate", "--replay", "-"]


def test_help_names_both_ways_and_the_options_of_a_table(produce) -> None:
    code, output, _ = produce("--help")
    assert code == 0
    for words in ("data.csv --target price", "river:NAME", "csv", "jsonl", "bits"):
        assert words in output
    for arguments in (["csv", "--help"], ["data.csv", "--help"], ["--target", "x", "--help"]):
        code, output, _ = produce(*arguments)
        assert code == 0
        assert "--on-bad-row" in output
