"""SIGHUP: file, environment and `--set` read again, all or nothing; what cannot change live is told."""

from collections.abc import Callable

from streamer.app.keys import Keys
from streamer.app.live import APPLY, Running
from streamer.config.change import change_of, differing, value_of
from streamer.config.loading import Effective
from streamer.config.settings import Settings
from streamer.service.reloading import Reloaded


class Reconfiguration:
    """Reads again what the daemon was started with. Signals may come before it runs; `running` is set once it does."""

    def __init__(self, read: Callable[[], Effective], started: Settings, keys: Keys) -> None:
        self._read = read
        self._started = started
        self._last = started
        self._keys = keys
        self.running: Running | None = None

    def read_again(self) -> Reloaded:
        """What is in force now and what waits; SettingsError if anything is wrong, and then nothing is changed."""
        assert self.running is not None  # only a daemon that runs comes to it
        wanted = self._read().settings
        self.running.check(wanted)
        self._keys.read_again(wanted.transport.allow)
        live = [name for name in differing(self._last, wanted) if name in APPLY]
        self.running.apply(live, wanted)
        self._last = wanted
        waiting = tuple(name for name in differing(self._started, wanted) if self._waits(name))
        return Reloaded({name: value_of(wanted, name) for name in live}, waiting)

    def _waits(self, name: str) -> bool:
        # Without keys there is no list that could be read.
        return change_of(Settings, name) != "live" or (name not in APPLY and not self._keys.guarded)
