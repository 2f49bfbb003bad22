"""Who may be a member: a name, for which targets, what it costs a sample, and how it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import starmap

from streamer.config.committee import CommitteeSettings
from streamer.config.learner import EngineName
from streamer.learning.committee.member import Member
from streamer.learning.committee.members.blind import Blind
from streamer.learning.committee.members.fourier import Fourier
from streamer.learning.committee.members.linear import Linear
from streamer.learning.committee.members.neighbours import Neighbours
from streamer.learning.committee.members.periodic import Periodic
from streamer.learning.committee.members.rule import last_value, markov, prior, recent_mean
from streamer.learning.committee.members.seasonal import Seasonal
from streamer.learning.committee.members.target import Kind, Target
from streamer.learning.committee.members.view import View, ViewName
from streamer.learning.committee.recurrent import RecurrentMember, Variant

NARROW = 8
"""Columns up to which the row before is looked at as well."""


@dataclass(frozen=True, slots=True)
class Making:
    """With what members are made, whatever the target."""

    seed: int
    engine: EngineName
    label_horizon: int
    extra: "Mapping[str, Extra]"
    """Members that somebody else makes, by name."""


@dataclass(frozen=True, slots=True)
class Scene:
    """For what members are made."""

    settings: CommitteeSettings
    target: Target
    width: int
    """Features of a row at first."""
    columns: int
    """Columns of a row."""
    series: bool
    """Whether a row is one number of a series, not of a table."""
    making: "Making"

    @property
    def budget(self) -> float | None:
        """Microseconds that a sample may cost at each horizon; None if there is no limit."""
        whole = self.settings.microseconds_per_sample
        bodies = len(self.settings.horizons) if self.settings.task == "forecast" else 1
        return None if whole is None else whole / bodies


Extra = Callable[[Target], Member]
Cost = Callable[[Scene], float]
Make = Callable[[Scene], Member]


@dataclass(frozen=True, slots=True)
class Role:
    """One member."""

    name: str
    kinds: tuple[Kind, ...]
    cost: Cost
    """Microseconds a sample in blocks of 256, about, on the machine of the README's figures: what a budget counts with.
    It must not be measured anew, or a committee would not be the same one after a restart."""
    make: Make
    fits: Callable[[Scene], bool] = lambda scene: True
    """Whether it has any prospect with such rows."""
    anchor: bool = False
    """Whether it is so simple that nobody may be worse: the mixture of numbers may lean on it directly."""
    unasked: bool = True
    """Whether it takes part without being named."""


CLASSES: tuple[Kind, ...] = ("binary", "classes")
NUMBERS: tuple[Kind, ...] = ("numbers",)
ALL = CLASSES + NUMBERS
Fits = Callable[[Scene], bool]


def roles(scene: Scene) -> tuple[Role, ...]:
    """All that there are for such a target, those first that are to be kept when not all can be afforded."""
    seasonal = [role for period in scene.settings.periods for role in _seasonal(period)]
    own = [*_RULES, *seasonal, *_LINEAR, *_NETWORKS, *_SMOOTH, *starmap(_extra, scene.making.extra.items())]
    return tuple(role for role in own if scene.target.kind in role.kinds and role.fits(scene))


def _covariances(scene: Scene) -> int:
    """How many a linear model keeps: one for each class found, of which four are counted with."""
    return 4 if scene.target.kind == "classes" else 1


def _extra(name: str, make: Extra) -> Role:
    return Role(name, ALL, lambda scene: 50.0, lambda scene: make(scene.target))


def _always(scene: Scene) -> bool:
    return True


def _table(scene: Scene) -> bool:
    return not scene.series


def _series(scene: Scene) -> bool:
    return scene.series


def _few(scene: Scene) -> bool:
    return scene.columns <= 4


def _rule(
    name: str,
    kinds: tuple[Kind, ...],
    make: Callable[..., Member],
    *,
    anchor: bool = False,
) -> Role:
    def made(scene: Scene) -> Member:
        return make(scene.target, label_horizon=scene.making.label_horizon)

    return Role(name, kinds, lambda scene: 0.1, made, _always, anchor)


def _seasonal(period: int) -> tuple[Role, ...]:
    return (
        _rule(f"seasonal_{period}", NUMBERS, partial(Seasonal, period=period, change=False)),
        _rule(f"change_{period}", NUMBERS, partial(Seasonal, period=period, change=True), anchor=True),
        _rule(f"seasonal_{period}", CLASSES, partial(Periodic, period=period)),
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What a model looks at, besides the features now."""

    view: ViewName = "level"
    lags: int = 0
    delays: int = 0
    seasons: bool = False
    """Whether values of a period ago are among them."""

    def of(self, scene: Scene) -> View:
        """How it sees targets."""
        return View(scene.target, self.view, lags=self.lags, periods=scene.settings.periods if self.seasons else ())

    def width(self, scene: Scene) -> int:
        """About how many numbers that is."""
        return 1 + self.lags * scene.target.width + scene.width * (1 + self.delays)


def _linear(name: str, kinds: tuple[Kind, ...], look: Look, fits: Fits = _always, *, fast: bool = False) -> Role:
    """`fast`: one that forgets after about 100 labels."""

    def make(scene: Scene) -> Member:
        forgetting = 0.99 if fast else None
        delays = look.delays if scene.series or scene.columns <= NARROW else 0
        return Linear(look.of(scene), delays=delays, forgetting=forgetting, label_horizon=scene.making.label_horizon)

    def cost(scene: Scene) -> float:
        return 0.3 + 0.0004 * look.width(scene) ** 2 * _covariances(scene)

    return Role(name, kinds, cost, make, fits)


def _fourier(name: str, kinds: tuple[Kind, ...], look: Look, sharpness: float, fits: Fits = _always) -> Role:
    def make(scene: Scene) -> Member:
        return Fourier(
            look.of(scene),
            sharpness=sharpness,
            delays=look.delays,
            seed=scene.making.seed,
            label_horizon=scene.making.label_horizon,
        )

    def cost(scene: Scene) -> float:
        return 0.6 + (1.2 + 0.01 * look.width(scene)) * _covariances(scene)

    return Role(name, kinds, cost, make, fits)


def _neighbours(name: str, kinds: tuple[Kind, ...], look: Look, fits: Fits = _always, *, blind: bool = False) -> Role:
    """`blind`: one that looks at no features."""

    def make(scene: Scene) -> Member:
        member = Neighbours(look.of(scene), delays=look.delays, label_horizon=scene.making.label_horizon)
        return Blind(member) if blind else member

    def cost(scene: Scene) -> float:
        return 2.2 + 0.08 * (look.lags if blind else look.width(scene))

    return Role(name, kinds, cost, make, fits)


def _network(
    name: str, kinds: tuple[Kind, ...], variant: Variant, fits: Fits = _always, *, unasked: bool = True
) -> Role:
    def make(scene: Scene) -> Member:
        return RecurrentMember(
            variant,
            scene.settings.learner(),
            width=scene.width,
            seed=scene.making.seed,
            engine=scene.making.engine,
            label_horizon=scene.making.label_horizon,
        )

    def cost(scene: Scene) -> float:
        inputs = scene.width * (33 if variant.bank == "ring" else 1)
        engine = (0.6 + 0.08 * variant.truncation) * (1 + 0.01 * inputs) + 0.03 * (scene.target.width - 1)
        outcome = 0.0 if scene.target.kind == "binary" else 0.5
        return outcome + engine * (2 if variant.optimiser == "ndekf" else 1)

    return Role(name, kinds, cost, make, fits, unasked=unasked)


_RULES = (
    _rule("prior", ALL, prior, anchor=True),
    _rule("last_value", NUMBERS, last_value, anchor=True),
    _rule("recent_mean", NUMBERS, recent_mean),
    _rule("markov", CLASSES, partial(markov, order=1)),
)
_LINEAR = (
    _linear("linear", CLASSES, Look(), _table),
    _linear("linear_fast", CLASSES, Look(), _table, fast=True),
    _linear("lagged", ("binary",), Look(lags=7, delays=1), _table),
    _linear("lagged", ("classes",), Look(lags=1, delays=1), _table),
    _linear("lagged", ("binary",), Look(lags=7, delays=16), _series),
    _linear("lagged", ("classes",), Look(lags=3, delays=3), _series),
    _linear("linear_level", NUMBERS, Look("level", 8, seasons=True)),
    _linear("linear_level_fast", NUMBERS, Look("level", 8, seasons=True), fast=True),
    _linear("linear_change", NUMBERS, Look("change", 16, delays=1, seasons=True)),
    _linear("linear_change_fast", NUMBERS, Look("change", 8, seasons=True), fast=True),
)
_NETWORKS = (
    _network("gru_ring", CLASSES, Variant(bank="ring", truncation=1), _series),
    _network("gru_previous", CLASSES, Variant(previous=True, truncation=4), _series),
    _network("gru_ring_slow", CLASSES, Variant(step_size=1e-3, bank="ring", truncation=1), _series),
    _network("gru", CLASSES, Variant(annealed=True), _table),
    _network("gru_previous", CLASSES, Variant(annealed=True, previous=True), _table),
    _network("gru_quick", CLASSES, Variant(previous=True), _table),
    _network("gru_slow", CLASSES, Variant(step_size=1e-3), _table),
    _network("gru", NUMBERS, Variant(annealed=True)),
    _network("gru_level", NUMBERS, Variant(annealed=True, base="mean")),
    _network("gru_change", NUMBERS, Variant(annealed=True, base="last")),
    _network("gru_slow", NUMBERS, Variant(step_size=1e-3)),
    _network("ndekf", ("binary",), Variant(optimiser="ndekf"), _series),
    _network("ndekf", ("binary",), Variant(optimiser="ndekf"), _table, unasked=False),
    _network("ndekf", NUMBERS, Variant(optimiser="ndekf"), unasked=False),
    _network("gru_ring", NUMBERS, Variant(step_size=1e-3, bank="ring", base="mean", truncation=1), _few),
)
_WINDOW = Look(lags=3, delays=3)
_SMOOTH = (
    _neighbours("neighbours", CLASSES, Look(), _table),
    _neighbours("neighbours", ("binary",), _WINDOW, _series),
    _neighbours("neighbours", ("classes",), Look(lags=2, delays=3), _series),
    _neighbours("neighbours_level", NUMBERS, Look()),
    _neighbours("neighbours_change", NUMBERS, Look("change", 1)),
    _neighbours("neighbours_lags", NUMBERS, Look("level", 8), blind=True),
    _fourier("fourier", CLASSES, Look(), 1.0, _table),
    _fourier("fourier_fine", CLASSES, Look(), 2.0, _table),
    _fourier("fourier", ("binary",), _WINDOW, 1.0, _series),
    _fourier("fourier_level", NUMBERS, Look(), 0.5),
    _fourier("fourier_level_fine", NUMBERS, Look(), 1.0),
    _fourier("fourier_change", NUMBERS, Look("change", 1), 0.5),
)
