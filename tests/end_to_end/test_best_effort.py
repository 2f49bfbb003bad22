"""A daemon that listens to a real PUB feed over tcp: what was done to the feed on purpose is what it counts."""

import json
import random
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.end_to_end.processes import Daemon, ended, produce
from tests.transport.publishers import Publishers

pytestmark = pytest.mark.timeout(300)
SMALL = ("learner.hidden=4", "learner.truncation=2", "checkpoints.interval_seconds=0.3")
HOSTILE = {
    "json": [b"\xff\xfe\xfd"],
    "fields": [b'{"stream": "../../etc/passwd", "n": 1, "x": 1}'],
    "size": [b'{"stream": "s", "x": 1, "z": "' + b"z" * 50_000 + b'"}'],
    "inputs": [b'{"stream": "s", "n": 1, "x": [1, 2, 3]}'],
    "parts": [b"s"] * 9,
}


class Publisher:
    """An XPUB socket, as any feed could be: it knows nothing of us. 0 as high-water mark is none."""

    def __init__(self, high_water: int) -> None:
        self._publishers = Publishers(["tcp://127.0.0.1:*"], high_water=high_water)
        [(self.endpoint, self.socket)] = self._publishers.sockets.items()

    def wait_for_subscriber(self) -> None:
        self._publishers.wait_for_subscribers()

    def wait_until_alone(self) -> None:
        assert self.socket.poll(60_000), "the subscriber stays"
        assert self.socket.recv() == b"\0"

    def say(self, *numbers: int, stream: str = "bits") -> None:
        for number in numbers:
            x, before = (bit * 7919 % 101 < 25 for bit in (number, number - 1))
            message = {"stream": stream, "n": number, "x": [int(x)], "y": int(not before)}
            self.socket.send_multipart([b"bits", json.dumps(message).encode()])

    def close(self) -> None:
        self._publishers.close()


@pytest.fixture
def publisher(request: pytest.FixtureRequest) -> Iterator[Publisher]:
    made = Publisher(getattr(request, "param", 0))  # what is lost is lost on purpose
    yield made
    made.close()


def injected(first: int, end: int, rng: random.Random) -> tuple[list[int], int, int, int]:
    """Numbers as they will arrive; how many are lost, doubled and late. The first and the last are in their place."""
    numbers = list(range(first, end))
    lost = set(rng.sample(numbers[1:-1], len(numbers) // 10))
    doubled = [number for number in rng.sample(numbers, len(numbers) // 20) if number not in lost]
    sent = [number for number in numbers if number not in lost] + doubled
    delayed = set(rng.sample(numbers[1:-30], len(numbers) // 10))
    order = sorted(sent, key=lambda number: number + (number in delayed) * rng.randrange(20))
    seen: set[int] = set()
    late, highest = 0, first
    for number in order:
        late += number not in seen and number < highest
        seen.add(number)
        highest = max(highest, number)
    return order, len(lost), len(doubled), late


def test_what_was_lost_doubled_and_reordered_is_counted_and_a_killed_daemon_goes_on(
    tmp_path: Path, publisher: Publisher
) -> None:
    rng = random.Random(5)
    order, lost, doubled, late = injected(1_000, 4_000, rng)
    assert min(lost, doubled, late) > 50
    subscribe = f"transport.subscribe={publisher.endpoint}"
    daemon = Daemon(tmp_path, *SMALL, subscribe)
    with ended(daemon):  # by SIGKILL
        publisher.wait_for_subscriber()
        for message in HOSTILE.values():
            publisher.socket.send_multipart(message)
        publisher.say(*order)
        seen = daemon.until(lambda stream: sum(stream.get("outcomes", {}).values()) == len(order))
        assert seen["mode"] == "best effort"
        assert seen["missing"] - seen["rejected"]["late"] == lost
        assert (seen["rejected"], seen["outcomes"]["duplicate"]) == ({"late": late}, doubled)
        assert seen["outcomes"]["learned"] == seen["next_sequence"] == len(order) - doubled - late
        refused = json.loads(daemon.get("/api/v1/status"))["refused_publications"]
        assert refused == dict.fromkeys(HOSTILE, 1)
        assert 'streamer_refused_publications_total{reason="json"} 1.0' in daemon.get("/metrics")
        daemon.until(lambda stream: stream["acknowledged"] == stream["next_sequence"])  # it is on disk
    publisher.wait_until_alone()
    publisher.say(*range(4_000, 4_100))  # while nobody listens
    again = Daemon(tmp_path, *SMALL, subscribe)
    with ended(again):
        publisher.wait_for_subscriber()
        publisher.say(*range(4_100, 4_200))
        after = again.until(lambda stream: stream["outcomes"]["learned"] == 100)
    assert after["missing"] == 100
    assert after["next_sequence"] == seen["next_sequence"] + 100
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["bits"]


@pytest.mark.parametrize("publisher", [1000], indirect=True)
def test_a_flood_does_not_starve_a_producer(tmp_path: Path, publisher: Publisher) -> None:
    stop = threading.Event()

    def flood() -> None:
        for number in count():
            if stop.is_set():
                return
            publisher.say(number, stream="flood")

    daemon = Daemon(tmp_path, *SMALL, f"transport.subscribe={publisher.endpoint}")
    flooding = threading.Thread(target=flood)
    with ended(daemon):
        publisher.wait_for_subscriber()
        flooding.start()
        try:
            daemon.until(lambda stream: stream.get("samples", 0) > 0, "flood")
            producer = produce(daemon.endpoint, 5_000)
            with ended(producer):
                code, output, errors = producer.finish()
            before = daemon.stream("flood")["samples"]
            daemon.until(lambda stream: stream["samples"] > before, "flood")  # nor does the producer end the flood
        finally:
            stop.set()
            flooding.join()
    assert code == 0, errors
    assert json.loads(output)["learned"] == 5_000


def test_an_idle_daemon_is_woken_by_a_feed(tmp_path: Path, publisher: Publisher) -> None:
    daemon = Daemon(tmp_path, *SMALL, f"transport.subscribe={publisher.endpoint}")
    with ended(daemon):
        publisher.wait_for_subscriber()
        for number in range(5):
            publisher.say(number)
            daemon.until(lambda stream, number=number: stream.get("samples") == number + 1)  # type: ignore[misc]
