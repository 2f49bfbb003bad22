"""The settings that change while the daemon runs: how each comes into force."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from streamer.app.predictors import Factory
from streamer.checkpoints.store import CheckpointStore
from streamer.config.settings import Settings
from streamer.errors import Fault, SettingsError
from streamer.service.loop import Loop


@dataclass(frozen=True, slots=True)
class Running:
    """The parts of a daemon that obey settings."""

    loop: Loop
    store: CheckpointStore
    factory: Factory

    def check(self, settings: Settings) -> None:
        """SettingsError if the daemon as it is now cannot live with them."""
        streams = sum(1 for _ in self.loop.streams)
        if streams > settings.streams.limit:
            raise SettingsError(
                [
                    Fault(
                        "streams.limit",
                        f"got {settings.streams.limit}, the daemon has {streams} streams",
                        f"give at least {streams}, or retire some first: streamer stream retire",
                    )
                ]
            )

    def apply(self, names: Iterable[str], settings: Settings) -> None:
        """Take those of the settings into force that have these names."""
        for name in names:
            APPLY[name](self, settings)


def _interval(running: Running, settings: Settings) -> None:
    running.loop.schedule.interval_seconds = settings.checkpoints.interval_seconds


def _keep(running: Running, settings: Settings) -> None:
    running.store.keep = settings.checkpoints.keep


def _limit(running: Running, settings: Settings) -> None:
    running.loop.streams.limit = settings.streams.limit


def _silence(running: Running, settings: Settings) -> None:
    running.loop.sessions.silence_seconds = settings.transport.session_seconds


def _step_size(running: Running, settings: Settings) -> None:
    running.factory.retune(settings.learner.step_size)
    running.loop.streams.renew()


APPLY: Mapping[str, Callable[[Running, Settings], None]] = {
    "checkpoints.interval_seconds": _interval,
    "checkpoints.keep": _keep,
    "streams.limit": _limit,
    "transport.session_seconds": _silence,
    "learner.step_size": _step_size,
}
"""Every live setting but transport.allow, which is a file: `Keys` reads it."""
