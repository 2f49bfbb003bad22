"""The page as the server writes it: all figures of the moment, readable without a script, which then keeps them so.

Everything that is not ours (names come from the network) is escaped.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import quote

from streamer.telemetry.evidence import BASELINES, headline, number, percent
from streamer.telemetry.verdict import ago
from streamer.web.facts import NOTHING, facts
from streamer.web.members import members, reached

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
QUESTIONS = {
    "learning": "Is it learning?",
    "keeping_up": "Is it keeping up?",
    "soundness": "Is anything wrong?",
}
LEVELS = {"ready": "good", "degraded": "bad"}

_TEMPLATE = Template(files("streamer.web").joinpath("static", "page.html").read_text("utf-8"))


def page(status: Mapping[str, Any], wanted: str | None, now: float) -> str:
    """The page of a status: of the stream that is wanted, else of the first. `now` in seconds since 1970."""
    streams = status["streams"]
    name: str = wanted if wanted is not None and wanted in streams else next(iter(streams), "")
    stream = streams.get(name, {})
    words = {
        **_daemon(status),
        **_figures(stream),
        **reached(stream),
        "learner": "the committee" if stream.get("members") else "this network",
        "title": f"{name} · streamer" if name else "streamer",
        "name": name,
        "stream": name,
        "time": f"{datetime.fromtimestamp(now, UTC):%H:%M:%S} UTC",
    }
    html = {
        "streams": "".join(_link(each, seen, current=each == name) for each, seen in streams.items()),
        "verdicts": "\n".join(_verdict(question, stream) for question in QUESTIONS),
        "facts": "".join(f"<dt>{escape(of)}</dt><dd>{escape(fact)}</dd>" for of, fact in facts(status, stream, now)),
        "nav_hidden": _hidden(len(streams) < 2),
        "none_hidden": _hidden(bool(streams)),
        "stream_hidden": _hidden(not streams),
        "members": members(stream),
        "members_hidden": _hidden(not stream.get("members")),
        "answers_hidden": _hidden(_is_of_numbers(stream)),
        "errors_hidden": _hidden(not _is_of_numbers(stream)),
    }
    return _TEMPLATE.substitute({key: escape(word) for key, word in words.items()} | html)


def _daemon(status: Mapping[str, Any]) -> dict[str, str]:
    return {
        "state": status["state"],
        "state_level": LEVELS.get(status["state"], "wait"),
        "note": "; ".join(status["reasons"]) or f"producers connect to {status['endpoint']}",
        "endpoint": status["endpoint"] or "its address",
    }


def _figures(stream: Mapping[str, Any]) -> dict[str, str]:
    baselines, loss = stream.get("baseline_accuracy", {}), stream.get("log_loss_bits")
    speed, lag = stream.get("recent_samples_per_second"), stream.get("lag_seconds")
    return {
        "window": f"{stream.get('in_window', 0):,}",
        "accuracy": percent(stream.get("accuracy")),
        "majority": percent(baselines.get("majority")),
        "last_value": percent(baselines.get("last_value")),
        **_errors(stream),
        "log_loss_bits": NOTHING if loss is None else f"{loss:.3f}",
        "speed": NOTHING if speed is None else f"{speed:,.0f}",
        "lag": NOTHING if lag is None else ago(lag),
    }


def _errors(stream: Mapping[str, Any]) -> dict[str, str]:
    others = {name: error for name, error in stream.get("baseline_absolute_error", {}).items() if error is not None}
    best = min(others, key=lambda name: others[name], default=None)
    return {
        "absolute_error": number(stream.get("absolute_error")),
        "best_error": number(others.get(best)),
        "best_baseline": NOTHING if best is None else BASELINES.get(best, best),
        "interval_coverage": percent(stream.get("interval_coverage")),
        "interval_width": number(stream.get("interval_width")),
    }


def _is_of_numbers(stream: Mapping[str, Any]) -> bool:
    return stream.get("task") in {"regression", "forecast"}


def _link(name: str, stream: Mapping[str, Any], *, current: bool) -> str:
    verdict = _foremost(stream["verdict"])
    return (
        f'<a href="?stream={quote(name, safe="")}" data-level="{escape(verdict["level"])}"'
        f'{" aria-current=page" if current else ""}><span class="mark"></span><b>{escape(name)}</b>'
        f"<span>{headline(stream)}</span><small>{escape(verdict['words'])}</small></a>"
    )


def _foremost(verdicts: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """What to say of a stream in two words: its trouble, else how it learns."""
    troubles = [verdicts[question] for question in ("soundness", "keeping_up") if verdicts[question]["level"] == "bad"]
    return troubles[0] if troubles else verdicts["learning"]


def _verdict(question: str, stream: Mapping[str, Any]) -> str:
    verdict = stream.get("verdict", {}).get(question, {"level": "wait", "words": NOTHING, "because": ""})
    return (
        f'    <article class="card verdict" id="{question}" data-level="{escape(verdict["level"])}">'
        f'<h3>{QUESTIONS[question]}</h3><p class="words">{escape(verdict["words"])}</p>'
        f'<p class="because">{escape(verdict["because"])}</p></article>'
    )


def _hidden(hide: bool) -> str:
    return " hidden" if hide else ""
