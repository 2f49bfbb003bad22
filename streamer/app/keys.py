"""A daemon's keys, wired: the listener that they guard, and who may feed what."""

from streamer.clock import Clock
from streamer.config.allowlist import read_allow_list
from streamer.config.daemon_keys import daemon_keys
from streamer.config.settings import TransportSettings
from streamer.service.access import Access, KeyAccess, OpenAccess
from streamer.service.observer import Observer
from streamer.transport.curve import CurveListener
from streamer.transport.seam import Listener
from streamer.transport.zeromq import Wakes, ZmqListener


class Keys:
    """From the settings; SettingsError if a file cannot be used."""

    def __init__(self, settings: TransportSettings, observer: Observer) -> None:
        self._settings = settings
        self._keys = daemon_keys(settings)
        self.access: Access = KeyAccess(self._keys.allowed, observer) if self._keys else OpenAccess()

    def listener(self, *, max_message_bytes: int, clock: Clock, wakes: Wakes) -> Listener:
        """The daemon's address, encrypted if there are keys."""
        endpoint = self._settings.listen
        if self._keys is None or not isinstance(self.access, KeyAccess):
            return ZmqListener(endpoint, max_message_bytes=max_message_bytes, wakes=wakes)
        return CurveListener(
            endpoint,
            max_message_bytes=max_message_bytes,
            secret=self._keys.secret,
            admits=self.access.admits,
            clock=clock,
            wakes=wakes,
        )

    @property
    def guarded(self) -> bool:
        """Whether keys decide who may feed what."""
        return isinstance(self.access, KeyAccess)

    def read_again(self, path: str) -> None:
        """The allow-list as it is now; with a fault in it, SettingsError, and the one before stays in force.

        An empty path is of settings without keys, which wait for a restart: until then the list is where it was.
        """
        if isinstance(self.access, KeyAccess):
            self.access.allowed = read_allow_list(path or self._settings.allow)
