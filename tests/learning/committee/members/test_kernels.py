"""Compiled kernels and the functions that they are compiled from say the same."""

from collections.abc import Callable

import numpy as np
import pytest

from streamer.kernels.block import BlockKernel
from streamer.learning.committee.member import Member
from streamer.learning.committee.members import neighbours, periodic, projection, recursion, seasonal, view
from streamer.learning.committee.members.fourier import Fourier
from streamer.learning.committee.members.linear import Linear
from streamer.learning.committee.members.neighbours import Neighbours
from streamer.learning.committee.members.periodic import Periodic
from streamer.learning.committee.members.seasonal import Seasonal
from streamer.learning.committee.members.target import Target
from streamer.learning.committee.members.view import View

BINARY, CLASSES, NUMBER = Target("binary"), Target("classes", classes=3), Target("numbers")
MEMBERS: dict[str, Callable[[], Member]] = {
    "linear binary": lambda: Linear(View(BINARY, lags=2), delays=1),
    "linear classes": lambda: Linear(View(CLASSES, lags=1)),
    "linear number": lambda: Linear(View(NUMBER, "change", lags=2, periods=(3,))),
    "fourier": lambda: Fourier(View(BINARY, lags=0)),
    "neighbours": lambda: Neighbours(View(CLASSES, lags=0)),
    "seasonal": lambda: Seasonal(NUMBER, 3, change=True),
    "periodic": lambda: Periodic(CLASSES, 3),
}
KERNELS = [
    (module, name)
    for module in (neighbours, periodic, projection, recursion, seasonal, view)
    for name, value in vars(module).items()
    if isinstance(value, BlockKernel)
]


@pytest.mark.parametrize("make", MEMBERS.values(), ids=MEMBERS)
def test_plain_and_compiled_say_the_same(make: Callable[[], Member], monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    rows, ys = rng.normal(size=(12, 2)).astype(np.float32), rng.integers(0, 2, 12).astype(np.float32)
    ys[[3, 8]] = np.nan
    compiled = make().step_many(rows, ys)
    for module, name in KERNELS:
        monkeypatch.setattr(module, name, getattr(module, name).plain)
    np.testing.assert_allclose(make().step_many(rows, ys), compiled, rtol=1e-6, atol=1e-7)
