import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from streamer.learning.standing import Standing, Standings
from streamer.telemetry.record import ServiceRecord
from streamer.telemetry.status import status
from streamer.web.page import page
from tests.telemetry.records import BUSY, FRESH, SERVICE, STANDINGS

HOSTILE = ["<script>alert(1)</script>", '"onmouseover="x', "a&b", "' or 1=1", "$name", "${accuracy}", "</title>", "é…"]


class Text(HTMLParser):
    """What a reader without scripts and styles reads; and what the page would run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.tags, self.attributes = "", [], []  # type: ignore[var-annotated]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def read(record: ServiceRecord, wanted: str | None = None) -> Text:
    return Text(page(status(record, 1004.0), wanted, 1004.0))


def test_the_facts_can_be_read_without_a_script() -> None:
    words = read(SERVICE).words
    for fact in ("busy", "90.0 %", "72.0 %", "62.0 %", "0.250", "1,410", "ready", "tcp://127.0.0.1:15577", "1 s ago"):
        assert fact in words
    for question in ("Is it learning?", "Is it keeping up?", "Is anything wrong?"):
        assert question in words
    assert "not finite 3, target 1" in words
    assert "frames: checksum 2, sessions: held 1" in words


def test_a_stream_of_numbers_shows_errors_and_hides_right_answers_and_the_reverse() -> None:
    def hidden(name: str) -> list[str]:
        html = page(status(SERVICE, 1004.0), name, 1004.0)
        return re.findall(r"<section[^>]* hidden[^>]*>\s*<h3>([A-Z][a-z ]+)", html)

    assert hidden("series") == ["Right answers ", "Surprise ", "How it began "]
    assert hidden("busy") == ["How far off ", "Intervals "]
    words = read(SERVICE, "series").words
    for fact in ("off by 2 on average", "a linear model of the last inputs and answers 4", "91.0 %", "Gain over mean"):
        assert fact in words


def test_a_committee_shows_who_carries_it_and_what_each_member_loses_and_a_learner_has_none() -> None:
    html = page(status(SERVICE, 1004.0), "busy", 1004.0)
    rows = [
        " ".join(Text(row).words.split()) for row in re.findall("<tr.*?</tr>", html.replace("</t", " </t"), re.DOTALL)
    ]
    assert rows[1:] == [
        "linear 25.0 % 0.500 failed 1×",
        "knn 62.5 % 0.375",
        "gru_16 12.5 % 0.250 out, failed 3×",
        "markov_3 0.0 % –",
        "together 0.312",
    ]
    words = read(SERVICE).words
    for fact in (
        "62.5 % by knn",
        "mixing gains 0.0625 bits a sample over the best member, knn",
        "the committee 90.0 %",
    ):
        assert fact in words
    assert '<section class="card" id="committee" hidden>' in page(status(SERVICE, 1004.0), "fresh", 1004.0)
    assert "this network" in read(SERVICE, "fresh").words


def test_mixing_that_loses_is_called_so_and_errors_are_compared_by_their_share() -> None:
    dear = replace(BUSY, standings=replace(STANDINGS, loss=0.5))
    assert (
        "mixing loses 0.125 bits a sample against the best member, knn" in read(replace(SERVICE, streams=(dear,))).words
    )
    assert "mixing gains 16.7 % of the error over the best member, knn" in read(SERVICE, "series").words
    even = replace(BUSY, standings=replace(STANDINGS, loss=0.3751))
    assert "mixing does as well as the best member, knn" in read(replace(SERVICE, streams=(even,))).words
    begun = replace(BUSY, standings=Standings((Standing("linear", 1.0, math.nan),)))
    assert "nothing is known yet of what mixing gains" in read(replace(SERVICE, streams=(begun,))).words


@pytest.mark.parametrize("name", HOSTILE)
def test_a_members_hostile_name_is_shown_and_does_nothing(name: str) -> None:
    def named(member: str) -> Text:
        return read(replace(SERVICE, streams=(replace(BUSY, standings=Standings((Standing(member, 1.0, 0.5),), 0.5)),)))

    assert (named(name).tags, named(name).attributes) == (named("knn").tags, named("knn").attributes)
    assert named(name).words.count(name) == 3


def test_a_daemon_without_streams_says_how_to_get_one() -> None:
    html = page(status(replace(SERVICE, streams=()), 0.0), None, 0.0)
    assert "streamer produce bits --to tcp://127.0.0.1:15577" in html
    assert re.search(r"<main[^>]* hidden>", html)
    assert not re.search(r'<section id="none"[^>]* hidden>', html)


def test_a_daemon_that_is_not_ready_says_why() -> None:
    words = read(replace(SERVICE, state="degraded", reasons=("the disk is full",))).words
    assert "degraded" in words
    assert "the disk is full" in words


def test_the_stream_that_is_asked_for_is_shown_and_an_unknown_one_is_not() -> None:
    assert 'data-stream="fresh"' in page(status(SERVICE, 0.0), "fresh", 0.0)
    assert 'data-stream="busy"' in page(status(SERVICE, 0.0), "nobody", 0.0)


def test_a_single_stream_needs_no_list() -> None:
    assert re.search(r"<nav[^>]* hidden>", page(status(replace(SERVICE, streams=(BUSY,)), 0.0), None, 0.0))
    assert not re.search(r"<nav[^>]* hidden>", page(status(SERVICE, 0.0), None, 0.0))


def test_the_list_of_streams_tells_of_trouble_before_it_tells_of_success() -> None:
    late = replace(BUSY, name="late", queued=100_000, lag_seconds=60.0)
    words = read(replace(SERVICE, streams=(late, FRESH))).words
    assert words.index("Falling behind") < words.index("Is it learning?")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_and_does_nothing(name: str) -> None:
    plain = read(replace(SERVICE, streams=(replace(BUSY, name="busy"), FRESH)))
    for wanted in (name, None):
        hostile = read(replace(SERVICE, streams=(replace(BUSY, name=name), FRESH)), wanted)
        assert (hostile.tags, hostile.attributes) == (plain.tags, plain.attributes)
        assert name in hostile.words


@pytest.mark.parametrize("wanted", HOSTILE)
def test_a_hostile_address_is_not_repeated(wanted: str) -> None:
    assert page(status(SERVICE, 0.0), wanted, 0.0) == page(status(SERVICE, 0.0), None, 0.0)


def test_the_page_has_no_script_and_no_style_of_its_own_and_loads_nothing_from_elsewhere() -> None:
    html = page(status(SERVICE, 0.0), None, 0.0)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\bstyle=|\son\w+=", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_addresses_are_relative_so_that_a_proxy_may_serve_the_page_below_a_path() -> None:
    assert not re.search(r'(?:src|href)="/', page(status(SERVICE, 0.0), None, 0.0))
