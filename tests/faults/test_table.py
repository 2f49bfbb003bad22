"""The frame that runs the table: every line comes out, whatever one of them does."""

import json
from pathlib import Path

import pytest

from tests.faults.__main__ import main
from tests.faults.line import Figure, Line, by_program
from tests.faults.table import LINES


def stumbling() -> Figure:
    raise AssertionError("3 samples were lost\nand more")


GOOD = Line("good", "a good one", "0 lost", lambda: Figure("0 lost", ok=True))
BAD = Line("bad", "a bad one", "0 lost", stumbling)


def test_every_line_has_a_name_of_its_own() -> None:
    assert len({line.name for line in LINES}) == len(LINES)


def test_a_line_that_stumbles_falls_short_and_the_others_are_measured(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--json", str(tmp_path / "f.json")], [BAD, GOOD]) == 1
    printed = capsys.readouterr().out
    assert printed.splitlines() == [
        "bad: a bad one",
        "  asked     0 lost",
        "  measured  AssertionError: 3 samples were lost",
        "  FALLS SHORT, 0 s",
        "good: a good one",
        "  asked     0 lost",
        "  measured  0 lost",
        "  ok, 0 s",
    ]
    assert [(fact["name"], fact["ok"]) for fact in json.loads((tmp_path / "f.json").read_text())] == [
        ("bad", False),
        ("good", True),
    ]


def test_one_line_alone_may_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "good"], [BAD, GOOD]) == 0
    assert "bad" not in capsys.readouterr().out


def test_the_readme_gets_rows_of_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--markdown"], [GOOD, BAD])
    assert capsys.readouterr().out.splitlines() == [
        "| test | asked | measured |",
        "|---|---|---|",
        "| a good one | 0 lost | 0 lost |",
        "| a bad one | 0 lost | AssertionError: 3 samples were lost (**falls short**) |",
    ]


def test_a_line_that_is_not_there_is_a_mistake_of_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "nothing"], [GOOD])
    assert ended.value.code == 2
    assert "one of" not in capsys.readouterr().out


def test_a_program_gives_its_last_line_as_the_figure_and_its_exit_code_as_the_verdict() -> None:
    figure = by_program("calendar", "2000", "2")()
    assert (figure.measured, figure.ok) == ("28 29", True)
    figure = by_program("tests.faults.no_such_module")()
    assert not figure.ok
    assert "no_such_module" in figure.measured
