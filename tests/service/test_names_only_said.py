import gc
import tracemalloc

from streamer.service.reception import REFUSED_IN_A_ROW
from streamer.wire.frames import decode, encode
from streamer.wire.messages import Bye, Hello, Welcome
from tests.service.world import World


def greet_and_leave(world: World, names: range) -> None:
    stranger = world.listener.connect()
    for number in names:
        stranger.send(encode(Hello(0, f"name-{number}", 1, "0" * 16, 0, 9, 0, 5)))
        world.daemon.turn()
        welcome, _ = decode(stranger.receive(0)[0])
        assert isinstance(welcome, Welcome)
        stranger.send(encode(Bye(welcome.session)))
        world.daemon.turn()
        world.clock.advance(0.1)
    stranger.close()


def held_bytes() -> int:
    gc.collect()  # what Python keeps for its next tuples is counted else
    return tracemalloc.get_traced_memory()[0]


def test_a_stranger_who_greets_with_ever_new_names_and_leaves_costs_no_memory() -> None:
    world = World(limit=4)
    greet_and_leave(world, range(200))
    tracemalloc.start()
    try:
        greet_and_leave(world, range(200, 300))
        before = held_bytes()
        greet_and_leave(world, range(300, 6_300))
        after = held_bytes()
    finally:
        tracemalloc.stop()
    assert (
        after - before < 150_000
    )  # 25 bytes a name, less than holding one takes; of many, for Python keeps things too
    assert not list(world.loop.streams)


def test_a_stranger_who_greets_and_then_sends_nonsense_holds_no_place() -> None:
    world = World(limit=2)
    for number in range(5):
        stranger = world.listener.connect()
        stranger.send(encode(Hello(0, f"name-{number}", 1, "0" * 16, 0, 9, 0, 5)))
        for _ in range(REFUSED_IN_A_ROW):
            stranger.send((b"nonsense",))
        world.daemon.turn()
    assert world.loop.reception.refused_sessions == {"damaged": 5}
    assert not list(world.loop.streams)
