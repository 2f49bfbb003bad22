"""What the supervisor hears, and when it hears nothing."""

from streamer.service.signals import Stop
from streamer.service.supervision import Supervision
from tests.service.world import Producer, World


def supervised(patience_seconds: float = 1.0) -> tuple[World, list[str]]:
    said: list[str] = []
    world = World()
    world.supervision = Supervision(said.append, patience_seconds=patience_seconds)
    world.boot()
    return world, said


def test_the_watchdog_is_fed_by_the_turns_of_the_loop_at_half_of_its_period() -> None:
    world, said = supervised(patience_seconds=1.0)
    for _ in range(100):
        world.turn()
    assert said == ["WATCHDOG=1"] * 10  # 100 turns are 5 s


def test_a_loop_that_does_not_turn_is_silent() -> None:
    world, said = supervised(patience_seconds=1.0)
    world.turn()
    said.clear()
    world.clock.advance(100)
    assert said == []


def test_without_a_watchdog_nothing_is_said_of_turns() -> None:
    world, said = supervised(patience_seconds=0.0)
    world.run(Producer(world))
    assert said == []


def test_a_start_and_an_end_are_told() -> None:
    world, said = supervised(patience_seconds=0.0)
    stop = Stop()
    stop.request()
    world.daemon.run(stop)
    assert said == ["READY=1", "STOPPING=1"]


def test_a_reload_is_told_with_its_time_and_ends_ready() -> None:
    world, said = supervised(patience_seconds=0.0)
    world.clock.advance(2.5)
    world.reloading.request()
    world.turn()
    assert said == ["RELOADING=1\nMONOTONIC_USEC=2500000", "READY=1"]
