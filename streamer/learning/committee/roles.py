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


def _linear(scene: Scene) -> Member:
    delays = DELAYS if scene.series else 0
    return Linear(scene.target, delays=delays, lags=LAGS, label_horizon=scene.label_horizon)


def _linear_cost(scene: Scene) -> float:
    size = 1 + LAGS + scene.width * (1 + (DELAYS if scene.series else 0))
    return 0.1 + 0.0008 * size**2


_SIMPLE = (
    Role("prior", ALL, lambda scene: 0.05, lambda scene: prior(scene.target, label_horizon=scene.label_horizon)),
    Role(
        "last_value",
        NUMBERS,
        lambda scene: 0.05,
        lambda scene: last_value(scene.target, label_horizon=scene.label_horizon),
    ),
    Role(
        "markov", CLASSES, lambda scene: 0.05, lambda scene: markov(scene.target, 1, label_horizon=scene.label_horizon)
    ),
    Role("linear", ALL, _linear_cost, _linear),
)
_COSTLY = (
    _gru("gru_ring", CLASSES, Variant(bank="ring"), series=True),
    _gru("gru", CLASSES, Variant()),
    _gru("gru_slow", CLASSES, Variant(step_size=1e-3)),
    _gru("gru_auto", NUMBERS, Variant(annealed=True)),
    _gru("gru_slow", NUMBERS, Variant(step_size=1e-3)),
    Role(
        "neighbours",
        ALL,
        lambda scene: 1.2 + 0.15 * scene.width,
        lambda scene: Neighbours(scene.target, label_horizon=scene.label_horizon),
    ),
    Role(
        "fourier",
        ALL,
        lambda scene: 3.0 + 0.05 * scene.width,
        lambda scene: Fourier(scene.target, seed=scene.seed, label_horizon=scene.label_horizon),
    ),
)
