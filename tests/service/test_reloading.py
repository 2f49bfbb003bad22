"""What is read again, when, and what a fault in it does."""

from streamer.errors import Fault, SettingsError
from streamer.service.observer import Unobserved
from streamer.service.reloading import Reloaded, Reloading
from tests.service.world import World


class Files:
    def __init__(self) -> None:
        self.read = 0
        self.broken = False

    def read_again(self) -> Reloaded:
        if self.broken:
            raise SettingsError([Fault("keys line 3", "nonsense", "mend it")])
        self.read += 1
        return Reloaded()


def test_nothing_is_read_unless_somebody_asks_and_then_once() -> None:
    files = Files()
    reloading = Reloading(files.read_again, Unobserved())
    assert not reloading.happens()
    reloading.request()
    reloading.request()
    assert [reloading.happens(), reloading.happens()] == [True, False]
    assert files.read == 1
    assert reloading.outcomes == {"done": 1}


def test_a_fault_is_counted_and_told_and_the_next_request_is_heard() -> None:
    told: list[str] = []

    class Log(Unobserved):
        def warn(self, event: str, **facts: object) -> None:
            told.append(f"{event}: {facts['why']}")

    files = Files()
    files.broken = True
    reloading = Reloading(files.read_again, Log())
    reloading.request()
    assert not reloading.happens()
    assert reloading.outcomes == {"refused": 1}
    assert "stays in force" in told[0]
    assert "keys line 3" in told[0]
    files.broken = False
    reloading.request()
    assert reloading.happens()


def test_reloads_are_published() -> None:
    world = World()
    world.reloading.request()
    world.daemon.turn()
    world.clock.advance(1)
    world.daemon.turn()
    assert world.board.record.reloads == {"done": 1}
