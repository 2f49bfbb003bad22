"""SIGHUP under load, with settings good and bad in turn."""

import json
import signal
import tempfile
from pathlib import Path
from typing import Any

from tests.end_to_end.processes import Daemon, ended, wait_for
from tests.faults.line import Figure
from tests.faults.lives import STREAM, Producing, undisturbed

BAD = (
    "nonsense",
    "[checkpoints]\nkeep = 1\n",
    "[streams]\nlimt = 3\n",
    "[streams]\nlimit = 7\n[learner]\nhidden = 0\n",
)
RATE = 20_000.0


def good(n: int) -> tuple[str, dict[str, Any]]:
    """The n-th good file, and what it changes."""
    values = {"checkpoints.keep": 2 + n % 5, "checkpoints.interval_seconds": 1.0 + n % 7, "streams.limit": 20 + n}
    return "".join(f"{name} = {value}\n" for name, value in values.items()), values


def changes(n: int) -> dict[str, Any]:
    """What the n-th good one, after those before it, changes."""
    defaults = {"checkpoints.keep": 3, "checkpoints.interval_seconds": 10.0, "streams.limit": 16}
    return dict(good(n)[1].items() - (good(n - 1)[1] if n else defaults).items())


def reload_under_load(directory: Path, times: int) -> list[dict[str, Any]]:
    """What the log says of each good reload; AssertionError if any reload was not as it should be, or a sample lost."""
    file = directory / "s.toml"
    file.write_text("")
    daemon = Daemon(directory / "c", "learner.engine=fused", listen=f"ipc://{directory}/s", options=("-c", str(file)))
    with ended(daemon), Producing(daemon.endpoint, rate=RATE) as producing:
        producing.until(lambda: producing.feed.learned > 0)
        for n in range(times):
            for kind, text in (("refused", BAD[n % len(BAD)]), ("done", good(n)[0])):
                file.write_text(text)
                daemon.process.send_signal(signal.SIGHUP)
                reloads = wait_for(lambda: _reloads(daemon), lambda seen, k=kind, n=n: seen.get(k, 0) > n)  # type: ignore[misc]
                assert reloads.get("refused") == n + 1, reloads
                assert reloads.get("done", 0) == n + (kind == "done"), reloads
        producing.finish()
        samples = producing.feed.learned
        stream = daemon.until(lambda stream: stream.get("next_sequence") == samples, STREAM)
        assert stream["samples"] == stream["outcomes"]["learned"] == samples
        code, _, errors = daemon.end(signal.SIGTERM)
        assert code == 0, errors[-500:]
    (directory / "u").mkdir()
    assert stream["state_hash"] == undisturbed(directory / "u", samples)["state_hash"]
    lines = map(json.loads, errors.splitlines())
    return [line for line in lines if line["event"] == "reloaded"]


def measure(times: int) -> Figure:
    """The figure of so many bad and so many good ones."""
    with tempfile.TemporaryDirectory(prefix="streamer-") as folder:
        told = reload_under_load(Path(folder), times)
    applied = sum(settings_of(line) == changes(n) for n, line in enumerate(told))
    return Figure(
        f"{times} bad refused, {applied} of {times} good applied, state hash as undisturbed, 0 lost", applied == times
    )


def settings_of(line: dict[str, Any]) -> dict[str, Any]:
    """The settings that a line of the log says have changed."""
    return {name: value for name, value in line.items() if "." in name}


def _reloads(daemon: Daemon) -> dict[str, int]:
    reloads: dict[str, int] = json.loads(daemon.get("/api/v1/status"))["reloads"]
    return reloads
