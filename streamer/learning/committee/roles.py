"""Who may be a member: a name, for which targets, what it costs a sample, and how it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from streamer.config.committee import CommitteeSettings
from streamer.config.learner import EngineName
from streamer.learning.committee.member import Member
from streamer.learning.committee.members.fourier import Fourier
from streamer.learning.committee.members.linear import Linear
from streamer.learning.committee.members.neighbours import Neighbours
from streamer.learning.committee.members.periodic import Periodic
from streamer.learning.committee.members.rule import last_value, markov, prior
from streamer.learning.committee.members.seasonal import Seasonal
from streamer.learning.committee.members.target import Kind, Target
from streamer.learning.committee.recurrent import RecurrentMember, Variant

DELAYS, LAGS = 16, 7
"""Rows and targets before, of which a linear model of a series sees the newest."""


@dataclass(frozen=True, slots=True)
class Scene:
    """For what members are made."""

    settings: CommitteeSettings
    target: Target
    width: int
    """Features of a row at first."""
    series: bool
    """Whether a row is one number of a series, not of a table."""
    seed: int
    engine: EngineName
    label_horizon: int


Cost = Callable[[Scene], float]
Make = Callable[[Scene], Member]


@dataclass(frozen=True, slots=True)
class Role:
    """One member."""

    name: str
    kinds: tuple[Kind, ...]
    cost: Cost
    """Microseconds a sample, on a core of 2020 in blocks of 256: what a budget counts with, the same on any machine."""
    make: Make
    fits: Callable[[Scene], bool] = lambda scene: True
    """Whether it has any prospect with such rows."""


CLASSES: tuple[Kind, ...] = ("binary", "classes")
NUMBERS: tuple[Kind, ...] = ("numbers",)
ALL = CLASSES + NUMBERS


def roles(scene: Scene) -> tuple[Role, ...]:
    """All that there are for such a target, those first that are to be kept when not all can be afforded."""
    own = [*_SIMPLE, *(role for period in scene.settings.periods for role in _seasonal(period)), *_COSTLY]
    return tuple(role for role in own if scene.target.kind in role.kinds and role.fits(scene))


def _gru(name: str, kinds: tuple[Kind, ...], variant: Variant, *, series: bool | None = None) -> Role:
    def make(scene: Scene) -> Member:
        return RecurrentMember(
            variant,
            scene.settings.learner(),
            width=scene.width,
            seed=scene.seed,
            engine=scene.engine,
            label_horizon=scene.label_horizon,
        )

    def cost(scene: Scene) -> float:
        return 1.2 + 0.02 * scene.width + 0.03 * (scene.target.width - 1)

    return Role(name, kinds, cost, make, lambda scene: series is None or scene.series == series)


def _seasonal(period: int) -> tuple[Role, ...]:
    def naive(scene: Scene, *, change: bool) -> Member:
        return Seasonal(scene.target, period, change=change, label_horizon=scene.label_horizon)

    def repeating(scene: Scene) -> Member:
        return Periodic(scene.target, period, label_horizon=scene.label_horizon)

    return (
        Role(f"seasonal_{period}", NUMBERS, lambda scene: 0.05, partial(naive, change=False)),
        Role(f"change_{period}", NUMBERS, lambda scene: 0.05, partial(naive, change=True)),
        Role(f"seasonal_{period}", CLASSES, lambda scene: 0.05, repeating),
    )


def _linear(scene: Scene, *, lags: int, delays: int = 0) -> Member:
    return Linear(scene.target, delays=delays, lags=lags, label_horizon=scene.label_horizon)


def _fourier(scene: Scene, *, sharpness: float) -> Member:
    delays, lags = (3, 4) if scene.series else (0, 0)
    return Fourier(
        scene.target,
        sharpness=sharpness,
        delays=delays,
        lags=lags,
        seed=scene.seed,
        label_horizon=scene.label_horizon,
    )


def _neighbours(scene: Scene) -> Member:
    delays, lags = (3, 4) if scene.series else (0, 0)
    return Neighbours(scene.target, delays=delays, lags=lags, label_horizon=scene.label_horizon)


def _rule(make: Callable[..., Member]) -> Make:
    return lambda scene: make(scene.target, label_horizon=scene.label_horizon)


def _markov(scene: Scene) -> Member:
    return markov(scene.target, 1, label_horizon=scene.label_horizon)


def _table(scene: Scene) -> bool:
    return not scene.series


def _series(scene: Scene) -> bool:
    return scene.series


def _regression_cost(size: int, outputs: int) -> float:
    return 0.15 + 0.0008 * size**2 + 0.002 * size * outputs


def _linear_cost(scene: Scene) -> float:
    return _regression_cost(1 + scene.width, scene.target.width)


def _lagged_cost(scene: Scene) -> float:
    return _regression_cost(1 + LAGS + 2 * scene.width, scene.target.width)


def _series_cost(scene: Scene) -> float:
    return _regression_cost(1 + LAGS + scene.width * (1 + DELAYS), scene.target.width)


def _near(scene: Scene) -> float:
    return 1.2 + 0.15 * scene.width


def _fourier_cost(scene: Scene) -> float:
    return 1.6 + 0.05 * scene.width + 0.1 * (scene.target.width - 1)


def _free(scene: Scene) -> float:
    return 0.05


_SIMPLE = (
    Role("prior", ALL, _free, _rule(prior)),
    Role("last_value", NUMBERS, _free, _rule(last_value)),
    Role("markov", CLASSES, _free, _markov),
    Role("linear", ALL, _linear_cost, partial(_linear, lags=0), _table),
    Role("lagged", ALL, _lagged_cost, partial(_linear, lags=LAGS, delays=1), _table),
    Role("lagged", ALL, _series_cost, partial(_linear, lags=LAGS, delays=DELAYS), _series),
)
_COSTLY = (
    _gru("gru_ring", CLASSES, Variant(bank="ring"), series=True),
    _gru("gru", CLASSES, Variant()),
    _gru("gru_slow", CLASSES, Variant(step_size=1e-3)),
    _gru("gru_level", NUMBERS, Variant(annealed=True, base="mean")),
    _gru("gru_change", NUMBERS, Variant(annealed=True, base="last")),
    Role("neighbours", ALL, _near, _neighbours),
    Role("fourier", ALL, _fourier_cost, partial(_fourier, sharpness=1.0)),
    Role("fourier_fine", ALL, _fourier_cost, partial(_fourier, sharpness=2.0), _table),
)
