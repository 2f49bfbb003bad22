"""Every warning is counted, under a word of the program's own."""

import ast
from pathlib import Path

import streamer
from streamer.service.observer import Counted, Unobserved
from tests.service.world import World

MOST_EVENTS = 40
"""Each is a series of the metric."""


def warnings() -> list[tuple[str, ast.expr]]:
    """The file in which a warning is given, and its event."""
    found: list[tuple[str, ast.expr]] = []
    for path in Path(*streamer.__path__).rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        found += [(path.name, call.args[0]) for call in calls if getattr(call.func, "attr", "") == "warn"]
    return found


def test_every_warning_has_an_event_that_no_stranger_can_choose() -> None:
    passing_on = "observer.py"
    events = [event for file, event in warnings() if file != passing_on]
    assert 10 < len(events) < MOST_EVENTS
    assert all(isinstance(event, ast.Constant) and isinstance(event.value, str) for event in events)


def test_warnings_are_published_by_event() -> None:
    world = World()
    counted = Counted(Unobserved())
    world.warnings = counted.warnings
    world.boot()
    for _ in range(3):
        counted.warn("frame refused", reason="version")
    counted.note("ready")
    world.clock.advance(1)
    world.daemon.turn()
    assert world.board.record.warnings == {"frame refused": 3}
