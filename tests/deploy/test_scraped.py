"""A real Prometheus, with our configuration and rules, scrapes a running daemon and is asked for its accuracy."""

import json
import re
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.metrics import exposed, exposed_by
from tests.deploy.tools import DEPLOY, passes, tool
from tests.end_to_end.processes import Daemon, ended, produce, wait_for

SAMPLES = 3000


def configuration(folder: Path, target: str) -> Path:
    """Ours, for a daemon at another address, asked every second."""
    shipped = DEPLOY / "prometheus"
    text = (shipped / "prometheus.yaml").read_text().replace("127.0.0.1:19377", target).replace("15s", "1s")
    for name in ("recording.yaml", "alerts.yaml"):
        text = text.replace(f"- {name}", f"- {shipped / name}")
    file = folder / "prometheus.yaml"
    file.write_text(text)
    return file


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """The address of one that scrapes a target, while it runs."""
    options = [
        f"--config.file={configuration(folder, target)}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--web.listen-address=127.0.0.1:0",
    ]
    log = folder / "log"
    with log.open("w") as file:
        process = subprocess.Popen([tool("prometheus"), *options], stdin=subprocess.DEVNULL, stderr=file)
    try:
        yield listening(log, process)
    finally:
        process.terminate()
        process.wait()


def listening(log: Path, process: "subprocess.Popen[bytes]") -> str:
    """Its address, as soon as it has said that it answers."""

    def look() -> dict[str, Any]:
        found = re.search(r'msg="Listening on" address=(\S+)(?s:.*)msg="Server is ready', log.read_text())
        return {"address": found and found[1], "ended": process.poll() is not None}

    seen = wait_for(look, lambda seen: seen["address"] or seen["ended"])
    assert seen["address"], log.read_text()
    return f"http://{seen['address']}"


def values(server: str, question: str) -> dict[str, float]:
    """The answer to a question, by stream; empty while there is none."""
    address = f"{server}/api/v1/query?{urllib.parse.urlencode({'query': question})}"
    with urllib.request.urlopen(address, timeout=10) as response:
        result: list[dict[str, Any]] = json.load(response)["data"]["result"]
    return {series["metric"].get("stream", ""): float(series["value"][1]) for series in result}


@pytest.mark.timeout(300)
def test_prometheus_scrapes_a_daemon_and_answers_with_its_accuracy(tmp_path: Path) -> None:
    tool("prometheus")
    daemon = Daemon(tmp_path / "checkpoints", "learner.hidden=4", "learner.truncation=4")
    with ended(daemon, producer := produce(daemon.endpoint, SAMPLES)):
        assert producer.finish()[0] == 0
        stream = daemon.until(lambda stream: stream.get("acknowledged") == SAMPLES)
        with prometheus(tmp_path, daemon.url.removeprefix("http://")) as server:
            learned = {"bits": float(SAMPLES)}
            wait_for(lambda: values(server, "streamer_lifetime_samples"), lambda seen: seen == learned)
            assert values(server, "streamer_accuracy_windowed_ratio") == {"bits": stream["accuracy"]}
            assert values(server, "streamer_ready") == {"": 1}
            assert values(server, "up") == {"": 1}
            age = wait_for(lambda: values(server, "streamer:checkpoint_age_seconds"), lambda seen: "bits" in seen)
            assert age["bits"] > 0


def test_promtool_finds_nothing_in_the_page_of_a_daemon_and_it_has_what_the_catalogue_says(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, "learner.hidden=4", "learner.truncation=4")
    with ended(daemon):
        page = daemon.get("/metrics")
    assert exposed_by(page) == exposed()
    assert passes("promtool", "check", "metrics", said=page.encode()) == ""
