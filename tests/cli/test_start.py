"""What a verb may not load: help and the light verbs must come at once."""

import subprocess
import sys

import pytest

from tests.checkpoints.golden_file import FOLDER

HEAVY = {"torch", "numba"}


def modules_after(*arguments: str) -> set[str]:
    code = (
        "import sys; sys.argv = ['streamer', *sys.argv[1:]]\n"
        "from streamer.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["run", "--help"],
        ["demo", "--help"],
        ["check-config"],
        ["check-config", "--set", "predictor=committee"],
        ["doctor"],
        ["stream", "freeze", "s", "--directory", "/nowhere/at/all"],
        ["checkpoint", "inspect", str(FOLDER / "2.ckpt")],
        ["replicate", "--help"],
        ["replicate", "question", "--help"],
        ["replicate", "question", "--plot", "curves.txt"],
        ["bench", "real", "--help"],
        ["keys", "new", "/no/such/folder/streamer.key"],
        ["status", "--url", "http://127.0.0.1:9"],
        ["probe", "--url", "http://127.0.0.1:9"],
        ["watch", "--url", "http://127.0.0.1:9"],
        ["tail", "--url", "http://127.0.0.1:9"],
        ["produce", "bits", "--to", "ipc:///nowhere/at/all", "--samples", "1", "--stream", "bad name"],
        ["produce", "tests/data/doors.csv", "--target", "open", "--stream", "bad name"],
        ["produce", "tests/data/shops.csv", "--target", "nothing"],
        ["spool", "/proc/nowhere", "--stream", "s"],
    ],
)
def test_a_light_verb_never_loads_torch_or_numba(arguments: list[str]) -> None:
    assert not modules_after(*arguments) & HEAVY


def test_a_table_never_loads_river() -> None:
    loaded = modules_after("produce", "tests/data/doors.csv", "--target", "open", "--stream", "bad name")
    assert not loaded & {"river", "pandas", "scipy", "sklearn"}


def test_help_loads_neither_numpy_nor_the_settings() -> None:
    assert not modules_after("--help") & {"numpy", "pydantic", "zmq", "streamer.config.settings"}


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys, streamer; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    loaded = set(done.stdout.split())
    assert not {name for name in loaded if name.startswith("streamer.")}
    assert not loaded & (HEAVY | {"numpy", "pydantic"})
