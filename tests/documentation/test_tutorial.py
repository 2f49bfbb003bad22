"""The tutorial and the configurations, as a newcomer meets them: each command is run."""

import re
import shlex
from pathlib import Path

import pytest

from tests.end_to_end.processes import Daemon, Program, ended

ROOT = Path(__file__).parents[2]
TUTORIAL = (ROOT / "configs" / "TUTORIAL.md").read_text()
SMALL = ("learner.hidden=4", "learner.truncation=3")

TABLE = re.findall(r"^\| [^|]+ \| `(configs/[\w.-]+)` \| `streamer (produce [^`]+)` \|$", TUTORIAL, re.MULTILINE)
TASKS = {"yes-or-no": "binary", "classes": "multiclass", "numbers": "regression", "forecast": "forecast",
         "symbols": "next"}  # fmt: skip

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def daemon_of(configuration: str, directory: Path, *settings: str) -> Daemon:
    return Daemon(directory / "checkpoints", *settings, options=("-c", configuration))


def words_of(command: str, daemon: Daemon, directory: Path) -> list[str]:
    words = [str(directory / word) if word == "prices.csv" else word for word in shlex.split(command)]
    return [*words, "--to", daemon.endpoint]


def test_the_table_has_every_configuration_of_a_task() -> None:
    assert sorted(Path(name).stem for name, _ in TABLE) == sorted(TASKS)


@pytest.mark.parametrize(("configuration", "command"), TABLE, ids=[Path(name).stem for name, _ in TABLE])
def test_each_kind_of_stream_is_learned_by_its_configuration(configuration: str, command: str, tmp_path: Path) -> None:
    assert f"streamer {command}" in (ROOT / configuration).read_text()
    daemon = daemon_of(configuration, tmp_path, *SMALL)
    with ended(daemon):
        produced = Program(*words_of(command, daemon, tmp_path), "--json")
        code, output, errors = produced.finish()
        assert (code, '"rejected": 0' in output) == (0, True), errors
        name = Path(shlex.split(command)[1]).stem
        stream = daemon.until(lambda stream: stream["samples"] == stream["acknowledged"] > 200, name)
    assert stream["task"] == TASKS[Path(configuration).stem]
    assert stream["columns"]


def test_the_tutorials_first_three_steps_lead_to_predictions_and_a_verdict(tmp_path: Path) -> None:
    run, produce, status = re.findall(r"^    \.venv/bin/streamer (.+)$", TUTORIAL, re.MULTILINE)
    daemon = daemon_of(run.removeprefix("run -c "), tmp_path)
    with ended(daemon):
        assert Program(*words_of(produce, daemon, tmp_path)).finish()[0] == 0
        stream = daemon.until(lambda stream: stream["samples"] == 480, "shops")
        code, said, errors = Program(*status.split(), "--url", daemon.url).finish()
    assert code == 0, errors
    rows = (tmp_path / "prices.csv").read_text().splitlines()
    assert rows[0] == "number,target,value,lower,upper"
    assert len(rows) == 481
    assert stream["absolute_error"] < stream["baseline_absolute_error"]["last_value"]
    assert "Learning something" in said or "Nothing yet" in said


def test_late_labels_are_learned_as_the_tutorial_does_it(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.+?)```", TUTORIAL, re.DOTALL)
    assert code is not None
    daemon = daemon_of("configs/late-labels.toml", tmp_path, *SMALL, "learner.inputs=2")
    with ended(daemon):
        exec(code[1].replace("Producer(", f"Producer({daemon.endpoint!r}, "), {})
        stream = daemon.until(lambda stream: stream["outcomes"]["learned"] == 2, "visits")
    assert stream["outcomes"]["unlabelled"] == 1
    assert stream["label_lag"]["labels"] == 1


def test_what_comes_through_a_pipe_is_learned(tmp_path: Path) -> None:
    piped = re.search(r"\| \.venv/bin/streamer (produce - .+)$", TUTORIAL, re.MULTILINE)
    assert piped is not None
    daemon = daemon_of("configs/numbers.toml", tmp_path, *SMALL)
    with ended(daemon), (ROOT / "tests/data/shops.csv").open() as rows:
        producer = Program(*words_of(piped[1], daemon, tmp_path), stdin=rows)
        code, _, errors = producer.finish()
        assert code == 0, errors
        daemon.until(lambda stream: stream["acknowledged"] == 480, "live")
