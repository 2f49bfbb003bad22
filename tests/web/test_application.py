import gzip
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace

import pytest

from streamer.clock import FakeClock
from streamer.telemetry.record import Board, ServiceRecord
from streamer.web.application import application
from streamer.web.server import serving
from tests.telemetry.records import SERVICE

READY = ServiceRecord(state="ready", endpoint="tcp://127.0.0.1:15577")


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Board, str]]:
    board = Board()
    with serving(application(board, FakeClock()), "127.0.0.1", 0) as url:
        yield board, url


def get(url: str, method: str = "GET") -> tuple[int, str, str]:
    """Status, content type and body, whatever the status is."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["content-type"], error.read().decode()


def test_metrics_are_served_as_prometheus_text(site: tuple[Board, str]) -> None:
    board, url = site
    board.publish(SERVICE)
    status, content_type, body = get(f"{url}/metrics")
    assert (status, content_type.partition(";")[0]) == (200, "text/plain")
    assert "version=" in content_type
    assert content_type.count("charset") == 1
    assert 'streamer_next_sequence{stream="busy"} 410.0' in body


@pytest.mark.parametrize("state", ["starting", "ready", "degraded", "stopping"])
def test_healthy_answers_as_long_as_the_process_lives(site: tuple[Board, str], state: str) -> None:
    board, url = site
    board.publish(ServiceRecord(state=state))
    status, _, body = get(f"{url}/-/healthy")
    assert (status, json.loads(body)) == (200, {"state": state})


@pytest.mark.parametrize(("age", "ready", "healthy"), [(0, 200, 200), (11, 503, 200), (59, 503, 200), (61, 503, 503)])
def test_a_loop_that_is_not_heard_of_is_not_ready_and_after_a_minute_not_healthy(
    age: float, ready: int, healthy: int
) -> None:
    board, clock = Board(), FakeClock()
    board.publish(replace(READY, published_at=0.0))
    clock.advance(age)
    with serving(application(board, clock), "127.0.0.1", 0) as url:
        assert get(f"{url}/-/ready")[0] == ready
        status, _, body = get(f"{url}/-/healthy")
        assert status == healthy
        assert healthy == 200 or "not been heard of for 61 s" in json.loads(body)["reasons"][0]
        assert f"streamer_ready {1.0 if ready == 200 else 0.0}" in get(f"{url}/metrics")[2]


@pytest.mark.parametrize("state", ["starting", "degraded", "stopping"])
def test_ready_is_503_with_the_reasons_while_the_daemon_is_not(site: tuple[Board, str], state: str) -> None:
    board, url = site
    board.publish(ServiceRecord(state=state, reasons=("because",)))
    status, content_type, body = get(f"{url}/-/ready")
    assert (status, content_type) == (503, "application/json")
    assert json.loads(body) == {"state": state, "reasons": ["because"]}


def test_a_daemon_that_has_published_nothing_yet_is_not_ready(site: tuple[Board, str]) -> None:
    board, url = site
    board.publish(Board().record)
    status, _, body = get(f"{url}/-/ready")
    assert status == 503
    assert json.loads(body)["reasons"]


def test_ready_is_200_when_the_daemon_is(site: tuple[Board, str]) -> None:
    board, url = site
    board.publish(READY)
    status, _, body = get(f"{url}/-/ready")
    assert (status, json.loads(body)) == (200, {"state": "ready", "reasons": []})


def test_the_status_is_json_even_where_scores_are_not_known_yet(site: tuple[Board, str]) -> None:
    board, url = site
    board.publish(SERVICE)
    status, content_type, body = get(f"{url}/api/v1/status")
    assert (status, content_type) == (200, "application/json")
    whole = json.loads(body)
    assert whole["streams"]["busy"]["accuracy"] == 0.9
    assert whole["streams"]["fresh"]["accuracy"] is None


def test_each_answer_shows_the_record_of_its_moment(site: tuple[Board, str]) -> None:
    board, url = site
    for state in ("ready", "stopping", "ready"):
        board.publish(ServiceRecord(state=state))
        assert json.loads(get(f"{url}/api/v1/status")[2])["state"] == state


def test_a_loop_that_hangs_is_seen_everywhere_though_it_cannot_say_so(site: tuple[Board, str]) -> None:
    board, url = site
    board.publish(replace(SERVICE, published_at=-100.0))
    for path in ("/", "/-/ready", "/api/v1/status"):
        body = get(url + path)[2]
        assert "degraded" in body
        assert "has not been heard of for 100 s" in body


def test_the_first_page_names_all_the_others(site: tuple[Board, str]) -> None:
    status, _, body = get(f"{site[1]}/")
    assert status == 200
    assert all(path in body for path in ("/metrics", "/-/healthy", "/-/ready", "/api/v1/status", "/api/v1/events"))


def test_one_stream_is_told_closely_with_its_last_samples(site: tuple[Board, str]) -> None:
    board, url = site
    board.publish(SERVICE)
    status, content_type, body = get(f"{url}/api/v1/streams/busy")
    busy = json.loads(body)
    assert (status, content_type) == (200, "application/json")
    assert (busy["name"], busy["accuracy"], busy["recent"]["numbers"]) == ("busy", 0.9, [405, 407, 409])
    assert len(busy["hidden"]) == 2


@pytest.mark.parametrize("name", ["nobody", "..%5C..%5Cetc", "%3Cscript%3E", "a" * 5000])
def test_a_stream_that_is_not_there_is_not_found(site: tuple[Board, str], name: str) -> None:
    for path in (f"/api/v1/streams/{name}", f"/api/v1/streams/{name}/history"):
        status, content_type, body = get(site[1] + path)
        assert (status, content_type, json.loads(body)) == (404, "application/json", {"error": "no such stream"})


@pytest.mark.parametrize("name", ["page.html", "uPlot.LICENSE", "..%2Fpage.py", "%2Fetc%2Fpasswd", "nothing.js"])
def test_only_files_of_the_page_are_served(site: tuple[Board, str], name: str) -> None:
    assert get(f"{site[1]}/static/{name}")[0] == 404


def test_a_file_that_the_browser_has_is_not_sent_again(site: tuple[Board, str]) -> None:
    with urllib.request.urlopen(f"{site[1]}/static/page.js", timeout=10) as first:
        tag = first.headers["etag"]
    request = urllib.request.Request(f"{site[1]}/static/page.js", headers={"If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)
    with caught.value as answer:
        assert (answer.code, answer.read()) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/api/v1/streams/busy"])
def test_what_is_compressed_is_the_same(site: tuple[Board, str], path: str) -> None:
    site[0].publish(SERVICE)
    request = urllib.request.Request(site[1] + path, headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        packed = gzip.decompress(answer.read()).decode()
    if path.startswith("/static"):
        assert packed == get(site[1] + path)[2]
    assert len(packed) > 200


def test_the_page_may_run_its_own_scripts_only(site: tuple[Board, str]) -> None:
    with urllib.request.urlopen(f"{site[1]}/", timeout=10) as answer:
        policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_changed_from_outside(site: tuple[Board, str], method: str) -> None:
    for path in ("/", "/metrics", "/-/ready", "/-/healthy", "/api/v1/status", "/api/v1/events", "/api/v1/streams/busy"):
        assert get(f"{site[1]}{path}", method)[0] == 405


def test_an_unknown_page_is_not_found(site: tuple[Board, str]) -> None:
    assert get(f"{site[1]}/nothing")[0] == 404
