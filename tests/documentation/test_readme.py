"""The README tells the truth: its tables, its verbs, its code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from streamer.cli.main import application
from streamer.config.loading import load
from tests.documentation.tables import README, with_tables
from tests.end_to_end.processes import Daemon, ended

TEXT = README.read_text()


def verbs() -> list[str]:
    command = typer.main.get_command(application)
    return sorted(command.commands)  # type: ignore[attr-defined]


def code_blocks() -> list[str]:
    return [block for block in re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL) if "zmq.PUB" not in block]


def publishers() -> dict[str, str]:
    """The programs that publish a feed for ever, by language."""
    blocks = re.findall(r"```(python|js)\n(.*?)```", TEXT, flags=re.DOTALL)
    return {language: code for language, code in blocks if "tcp://127.0.0.1:5556" in code}


def test_the_tables_are_those_of_the_code() -> None:
    assert with_tables(TEXT) == TEXT, "run `make readme`"


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_is_in_the_readme(verb: str) -> None:
    assert f"`streamer {verb}" in TEXT


def test_every_verb_in_the_readme_exists() -> None:
    assert set(re.findall(r"^\| `streamer ([a-z][a-z-]*)", TEXT, flags=re.MULTILINE)) == set(verbs())


def test_every_path_in_the_readme_exists() -> None:
    named = re.findall(r"(?<![\w/])(?:configs|streamer|deploy)/[\w/.-]+\.(?:toml|py|md|txt)", TEXT)
    assert named
    assert [path for path in named if not (README.parent / path).exists()] == []


def test_every_package_is_in_the_readmes_table_of_where_things_are() -> None:
    table = TEXT.split("Where things are")[1].split("\n## ")[0]
    packages = {path.parent.name for path in (README.parent / "streamer").glob("*/__init__.py")}
    assert {package for package in packages if f"`{package}`" not in table} == set()


def test_every_set_in_the_readme_is_a_setting() -> None:
    overrides = [found for found in re.findall(r"--set ([a-z_.]+=[\w.]+)", TEXT) if found != "group.key=value"]
    assert overrides
    load(None, overrides)


@pytest.mark.timeout(180)
def test_the_code_in_the_readme_runs(tmp_path: Path) -> None:
    library, *to_a_daemon = code_blocks()
    exec(compile(library, "README.md", "exec"), {})
    daemon = Daemon(tmp_path, "learner.hidden=4", "learner.truncation=4")
    with ended(daemon):
        for block in to_a_daemon:
            code = block.replace("tcp://127.0.0.1:15577", daemon.endpoint).replace("5000", "400")
            exec(compile(code, "README.md", "exec"), {})
        sensor = daemon.until(lambda stream: bool(stream.get("acknowledged")), "sensor-1")
        stream = daemon.until(lambda stream: stream["acknowledged"] == 400, "mine")
    assert (sensor["next_sequence"], sensor["outcomes"]["learned"]) == (6, 5)
    assert stream["next_sequence"] == stream["acknowledged"] == 400


@pytest.mark.timeout(180)
def test_the_few_lines_that_publish_a_feed_are_learned_from(tmp_path: Path) -> None:
    feed = f"ipc://{tmp_path}/feed"
    daemon = Daemon(tmp_path, "learner.hidden=4", "learner.truncation=4", f"transport.subscribe={feed}")
    code = publishers()["python"].replace("tcp://127.0.0.1:5556", feed)
    publisher = subprocess.Popen([sys.executable, "-c", code])
    try:
        with ended(daemon):
            stream = daemon.until(lambda stream: stream.get("outcomes", {}).get("learned", 0) > 20, "blinks")
    finally:
        publisher.kill()
        publisher.wait()
    assert (stream["missing"], stream["rejected"]) == (0, {})
