"""The live page as a browser shows it. The screenshots that it leaves are for people to look at."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from streamer.clock import SystemClock
from streamer.learning.standing import Standing, Standings
from streamer.telemetry.record import Board, ServiceRecord
from streamer.web.application import application
from streamer.web.events import Feed
from streamer.web.server import serving
from tests.browser.chromium import NARROW, WIDE, Page, paged
from tests.telemetry.records import BUSY, FRESH, SERVICE
from tests.web.scenes import SCENES, service, shown

pytestmark = pytest.mark.timeout(180)

BUDGET = 150_000
WIDTHS = {"wide": WIDE, "narrow": NARROW}
WORDS = {
    "starting": "Too early to tell",
    "learning": "Learning something",
    "solved": "Solved",
    "degraded": "Falling behind",
    "empty": "No stream yet",
    "frozen": "Frozen",
    "forecast": "Learning something",
    "committee": "mixing gains",
    "five": "a-name-as-long-as-it-may-be",
}
HOSTILE = "<img src=x onerror=\"document.title='taken'\">&amp;'\""


def test_each_scene_says_what_it_is() -> None:
    assert set(WORDS) == set(SCENES)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize(("scheme", "width"), [("light", "wide"), ("dark", "narrow"), ("dark", "wide")])
def test_a_scene_can_be_looked_at(browser: Any, scene: str, scheme: str, width: str) -> None:
    size = WIDTHS[width]
    with shown(SCENES[scene]) as (_, url), paged(browser, size, scheme) as page:
        page.opened(url)
        if scene != "empty":
            page.drawn()
            assert page.colours("#heat") > 10
            assert page.colours("#strip") > 4
            assert page.colours(f"{'#chart-error' if scene == 'forecast' else '#chart-accuracy'} canvas") > 4
        assert WORDS[scene] in page.text("body")
        assert page.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert page.page.is_visible("#committee") == (scene == "committee")
        page.screenshot(f"{scene}-{scheme}-{width}")
        assert page.complaints == []


def test_all_that_it_loads_is_small_even_with_ten_minutes_of_history(browser: Any) -> None:
    def long(wall: float) -> Iterator[ServiceRecord]:
        records = list(SCENES["solved"](wall))
        yield from records
        yield from records

    with shown(long) as (_, url), paged(browser) as page:
        page.opened(url)
        page.drawn()
        page.until("performance.getEntriesByType('resource').length >= 12")
        assert 20_000 < page.loaded <= BUDGET


def moved(count: int) -> ServiceRecord:
    return service(replace(BUSY, samples=count), FRESH)


def test_it_shows_what_is_published_next(browser: Any) -> None:
    board = Board()
    board.publish(moved(1_001))
    feed = Feed(board, SystemClock(), seconds=0.05)
    with serving(application(board, SystemClock(), feed), "127.0.0.1", 0) as url, paged(browser) as page:
        page.opened(url)
        assert "1,001" in page.text("#facts")
        board.publish(moved(2_002))
        page.until("document.querySelector('#facts').innerText.includes('2,002')")
        board.publish(replace(moved(3_003), state="degraded", reasons=("the disk is full",)))
        page.until("document.querySelector('header').innerText.includes('the disk is full')")
        assert page.complaints == []


def test_a_stream_that_comes_later_is_shown_without_a_reload(browser: Any) -> None:
    board = Board()
    board.publish(service())
    feed = Feed(board, SystemClock(), seconds=0.05)
    with serving(application(board, SystemClock(), feed), "127.0.0.1", 0) as url, paged(browser) as page:
        page.opened(url)
        assert "No stream yet" in page.text("body")
        board.publish(moved(1_001))
        page.until("document.querySelector('#name').innerText === 'busy'")
        page.drawn()
        assert page.colours("#heat") > 2
        assert page.complaints == []


def test_it_says_when_the_daemon_is_away_and_goes_on_when_it_is_back(browser: Any) -> None:
    def daemon(started_at: float, count: int) -> Any:
        board = Board(started_at=started_at)
        board.publish(moved(count))
        return application(board, SystemClock(), Feed(board, SystemClock(), seconds=0.05))

    with paged(browser) as page:
        with serving(daemon(1.0, 1_001), "127.0.0.1", 0) as url:
            page.opened(url)
            page.drawn()
            assert not page.page.is_visible("#away")
        page.page.wait_for_selector("#away", state="visible")
        assert "does not answer" in page.text("#away")
        assert "1,001" in page.text("#facts")
        page.screenshot("away-light-wide")
        with serving(daemon(2.0, 2_002), "127.0.0.1", int(url.rpartition(":")[2])):
            page.page.wait_for_selector("#away", state="hidden")
            page.until("document.querySelector('#facts').innerText.includes('2,002')")


def test_the_picture_of_the_members_follows_what_is_published_and_is_of_committees_only(browser: Any) -> None:
    def carried_by(*names: str) -> ServiceRecord:
        members = tuple(Standing(name, 1 / len(names), 0.5) for name in names)
        return service(replace(BUSY, standings=Standings(members, 0.4)), FRESH)

    board = Board()
    board.publish(carried_by("linear", "knn"))
    feed = Feed(board, SystemClock(), seconds=0.05)
    with serving(application(board, SystemClock(), feed), "127.0.0.1", 0) as url, paged(browser) as page:
        page.opened(url)
        bands = "document.querySelector('#chart-shares canvas') && {}"
        count = """(() => {
            const canvas = document.querySelector("#chart-shares canvas");
            const newest = canvas.getContext("2d").getImageData(canvas.width - 22, 0, 1, canvas.height).data;
            const seen = {};
            for (const pixel of new Uint32Array(newest.buffer)) seen[pixel] = (seen[pixel] ?? 0) + 1;
            return Object.values(seen).filter((pixels) => pixels > canvas.height / 8).length;
        })()"""
        page.until(bands.format(f"{count} >= 2"))
        board.publish(carried_by("linear", "knn", "gru_16", "taps_8"))
        page.until("document.querySelectorAll('.members tbody tr').length === 4")
        page.until(bands.format(f"{count} >= 4"))
        page.page.click("#streams a:nth-child(2)")
        page.until("document.querySelector('#name').innerText === 'fresh'")
        assert not page.page.is_visible("#committee")
        page.until("document.querySelector('#chart-shares canvas') === null")
        assert page.complaints == []


def test_without_scripts_the_facts_are_there_and_pictures_are_not_missed(browser: Any) -> None:
    with shown(SCENES["learning"]) as (_, url):
        for width, size in WIDTHS.items():
            with paged(browser, size, scripts=False) as page:
                page.page.goto(url)
                words = page.text("body")
                for fact in (
                    "pump-7",
                    "Learning something",
                    "always the commoner answer",
                    "samples a second",
                    "Last checkpoint",
                ):
                    assert fact in words
                assert "renewed every 5 seconds" in words
                assert not page.page.is_visible("#strip")
                page.screenshot(f"no-scripts-light-{width}")


def test_a_stream_is_chosen_by_a_click_and_the_way_back_is_the_browsers(browser: Any) -> None:
    with shown(SCENES["five"]) as (_, url), paged(browser) as page:
        page.opened(url)
        page.drawn()
        assert page.text("#name") == "line-0.pressure"
        page.page.click("text=line-1.pressure")
        page.until("document.querySelector('#name').innerText === 'line-1.pressure'")
        assert page.page.url.endswith("?stream=line-1.pressure")
        assert page.text("#streams a[aria-current] b") == "line-1.pressure"
        page.page.go_back()
        page.until("document.querySelector('#name').innerText === 'line-0.pressure'")
        assert page.complaints == []


def test_hostile_names_are_words_and_nothing_else(browser: Any) -> None:
    board = Board()
    board.publish(replace(SERVICE, streams=(replace(BUSY, name=HOSTILE), FRESH)))
    feed = Feed(board, SystemClock(), seconds=0.05)
    with serving(application(board, SystemClock(), feed), "127.0.0.1", 0) as url, paged(browser) as page:
        page.opened(url)
        page.drawn()
        assert page.text("#name") == HOSTILE
        assert page.page.title() == f"{HOSTILE} · streamer"
        page.page.click("#streams a:nth-child(2)")
        page.until("document.querySelector('#name').innerText === 'fresh'")
        page.page.click("#streams a:nth-child(1)")
        page.until("document.querySelector('#name').innerText.startsWith('<img')")
        assert page.page.query_selector("main img") is None
        assert page.complaints == []


def test_one_sample_can_be_read_by_pointing_at_it(browser: Any) -> None:
    with shown(SCENES["solved"]) as (_, url), paged(browser) as page:
        page.opened(url)
        page.drawn()
        assert said(page) == "256 of the 256 answers shown are right"
        width = page.page.eval_on_selector("#strip", "canvas => canvas.clientWidth")
        page.page.hover("#strip", position={"x": width - 2, "y": 5})
        assert said(page).startswith("sample 7,499 · input")
        page.page.hover("#heat", position={"x": width - 2, "y": 5})
        assert said(page).startswith("sample 7,499 · input")


def test_it_follows_when_the_system_turns_dark(browser: Any) -> None:
    with shown(SCENES["solved"]) as (_, url), paged(browser) as page:
        page.opened(url)
        page.drawn()
        corner = "canvas => canvas.getContext('2d').getImageData(200, 4, 1, 1).data.join()"
        light = page.page.eval_on_selector("#heat", corner)
        page.page.emulate_media(color_scheme="dark")
        page.until(f"({corner})(document.querySelector('#heat')) !== '{light}'")


def said(page: Page) -> str:
    return str(page.page.evaluate("document.querySelector('#readout').value"))
