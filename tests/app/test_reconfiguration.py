"""What a reload brings into force, what it leaves to a restart, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from streamer.app.keymaking import make_keys
from streamer.app.keys import Keys
from streamer.app.live import APPLY, Running
from streamer.app.predictors import LearnerFactory
from streamer.app.reconfiguration import Reconfiguration
from streamer.config.change import change_of
from streamer.config.faults import setting_names
from streamer.config.loading import load
from streamer.config.settings import LearnerSection, Settings
from streamer.errors import SettingsError
from streamer.evaluation.binary import BinaryScores
from streamer.samples import Block
from streamer.service.access import KeyAccess
from streamer.service.observer import Unobserved
from streamer.service.reloading import Reloaded
from streamer.service.streams import Streams
from tests.service.world import Producer, World


class Daemon:
    """A world that has been started with a file of settings."""

    def __init__(self, folder: Path, toml: str = "") -> None:
        self.file = folder / "s.toml"
        self.file.write_text(toml)
        self.world = World()
        started = load(str(self.file)).settings
        self.factory = LearnerFactory(started.learner, seed=0, label_horizon=8)
        self.keys = Keys(started.transport, Unobserved())
        self.reconfiguration = Reconfiguration(lambda: load(str(self.file)), started, self.keys)
        self.reconfiguration.running = Running(self.world.loop, self.world.store, self.factory)

    def reload(self, toml: str) -> Reloaded:
        self.file.write_text(toml)
        return self.reconfiguration.read_again()

    def in_force(self) -> dict[str, object]:
        loop = self.world.loop
        return {
            "checkpoints.interval_seconds": loop.schedule.interval_seconds,
            "checkpoints.keep": self.world.store.keep,
            "streams.limit": loop.streams.limit,
            "transport.session_seconds": loop.sessions.silence_seconds,
        }


GOOD = """
streams.limit = 5
learner.step_size = 0.02
[checkpoints]
interval_seconds = 7.5
keep = 9
[transport]
session_seconds = 33
"""


def test_exactly_the_settings_that_say_so_are_live() -> None:
    live = {name for name in setting_names(Settings) if change_of(Settings, name) == "live"}
    assert live == {*APPLY, "transport.allow"}


def test_live_settings_come_into_force_together(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path)
    reloaded = daemon.reload(GOOD)
    assert reloaded == Reloaded(daemon.in_force() | {"learner.step_size": 0.02}, ())
    assert daemon.in_force() == {
        "checkpoints.interval_seconds": 7.5,
        "checkpoints.keep": 9,
        "streams.limit": 5,
        "transport.session_seconds": 33.0,
    }


def test_what_has_not_changed_is_not_told(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path)
    daemon.reload(GOOD)
    assert daemon.reload(GOOD) == Reloaded()
    assert daemon.reload(GOOD.replace("33", "34")) == Reloaded({"transport.session_seconds": 34.0})


@pytest.mark.parametrize("bad", ["nonsense", "[checkpoints]\nkep = 4", "[checkpoints]\nkeep = 1", None])
def test_a_fault_anywhere_changes_nothing(tmp_path: Path, bad: str | None) -> None:
    daemon = Daemon(tmp_path)
    before = daemon.in_force()
    with pytest.raises(SettingsError):
        daemon.reload("streams.limit = 7\n" + bad if bad else "seed = -1")
    assert daemon.in_force() == before


def test_settings_that_want_a_restart_are_told_until_they_are_taken_back(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path)
    reloaded = daemon.reload("seed = 5\nlearner.hidden = 8\nstreams.limit = 6")
    assert reloaded == Reloaded({"streams.limit": 6}, ("seed", "learner.hidden"))
    assert daemon.reload("seed = 5\nstreams.limit = 6").restart_needed == ("seed",)
    assert daemon.reload("").restart_needed == ()


def test_a_limit_below_the_streams_that_are_there_is_refused_for_a_restart_would_be(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path)
    daemon.world.run(Producer(daemon.world))
    daemon.world.loop.streams.open("t")
    with pytest.raises(SettingsError, match=r"the daemon has 2 streams.*stream retire"):
        daemon.reload("streams.limit = 1")
    assert daemon.reload("streams.limit = 2").applied == {"streams.limit": 2}


def test_an_allow_list_is_read_again_wherever_it_is_and_keys_that_come_or_go_wait_for_a_restart(tmp_path: Path) -> None:
    secret, public = make_keys(f"{tmp_path}/k").secret_file, make_keys(f"{tmp_path}/p").public_key
    (tmp_path / "first").write_text(f"{public} s")
    (tmp_path / "other").write_text(f"{public} t")
    daemon = Daemon(tmp_path, f'[transport]\nkey = "{secret}"\nallow = "{tmp_path}/first"')
    assert isinstance(daemon.keys.access, KeyAccess)
    assert daemon.reload("").restart_needed == ("transport.key",)
    assert daemon.keys.access.allowed.permits(public, "s")
    reloaded = daemon.reload(f'[transport]\nkey = "{secret}"\nallow = "{tmp_path}/other"')
    assert reloaded.restart_needed == ()
    assert daemon.keys.access.allowed.permits(public, "t")
    without = Daemon(tmp_path)
    assert without.reload(f'[transport]\nkey = "{secret}"\nallow = "{tmp_path}/first"').restart_needed == (
        "transport.key",
        "transport.allow",
    )


def samples(first: int) -> Block:
    xs = np.tile(np.array([[0.0], [1.0], [1.0]], np.float32), (10, 1))
    return Block(first, xs, (1 - xs[:, 0]).astype(np.float32))


def streams(step_size: float) -> tuple[Streams, LearnerFactory]:
    factory = LearnerFactory(LearnerSection(hidden=4, truncation=2, step_size=step_size), seed=1, label_horizon=8)
    made = Streams(
        factory, lambda schema: BinaryScores(window=10, fading=0.9), structure={}, build={}, limit=4, label_horizon=8
    )
    made.open("s").accept("e", samples(0), 0.0)
    made.open("s").learn(30)
    return made, factory


def test_another_step_size_leaves_the_state_as_it_is_and_goes_on_as_a_restart_would() -> None:
    live, factory = streams(0.01)
    before = live.existing("s").state_hash()
    factory.retune(0.05)
    live.renew()
    stream = live.existing("s")
    assert stream.state_hash() == before
    assert stream.durable.owed == 2  # at this event, and soon
    restarted, _ = streams(0.01)
    other = LearnerFactory(LearnerSection(hidden=4, truncation=2, step_size=0.05), seed=1, label_horizon=8)
    restarted.existing("s").predictor = other.restore("s", restarted.existing("s").predictor.export())
    for one in (stream, restarted.existing("s")):
        one.accept("e", samples(30), 0.0)
        one.learn(30)
    assert stream.state_hash() == restarted.existing("s").state_hash()
    unchanged, _ = streams(0.01)
    unchanged.existing("s").accept("e", samples(30), 0.0)
    unchanged.existing("s").learn(30)
    assert stream.state_hash() != unchanged.existing("s").state_hash()


def test_a_name_that_is_only_said_is_not_saved_because_of_a_reload() -> None:
    live, factory = streams(0.01)
    said = live.open("said")
    factory.retune(0.05)
    live.renew()
    assert not said.durable.changed
