"""The picture of cumulative losses: a file each, all lines named, no name on another."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from streamer.bench.plot import NAME_HEIGHT, _apart, _figure, _lines, draw
from streamer.bench.real import Curves, Role
from streamer.errors import UnavailableError


def curves(members: int = 3, samples: int = 50) -> Curves:
    names = ["committee", *(f"member_{number}" for number in range(members)), "Hoeffding tree"]
    roles: list[Role] = ["committee", *(["member"] * members), "River"]  # type: ignore[list-item]
    totals = {name: np.cumsum(np.full(samples, 1.0 + place)) for place, name in enumerate(names)}
    return Curves("Bananas", "log loss in nats", totals, dict(zip(names, roles, strict=True)))


def test_png_and_svg_are_written(tmp_path: Path) -> None:
    files = draw(curves(), tmp_path)
    assert [file.name for file in files] == ["Bananas.png", "Bananas.svg"]
    assert files[0].read_bytes().startswith(b"\x89PNG")
    assert "<svg" in files[1].read_text()


def test_every_line_is_named_and_no_two_look_alike() -> None:
    shown = curves(members=25)
    _, below = _figure(shown).axes
    assert {text.get_text() for text in below.texts} == set(shown.totals)
    looks = [tuple(map(str, line.style.values())) for line in _lines(shown)]
    assert len(set(looks)) == len(looks) == 27


def test_few_samples_failures_and_losses_of_nothing_are_drawn_too(tmp_path: Path) -> None:
    for samples in (1, 2, 12):
        draw(curves(samples=samples), tmp_path)
    none = curves()
    none.totals["committee"][:] = 0
    none.totals["member_0"][20:] = np.nan
    draw(none, tmp_path)


def test_names_keep_their_order_and_lie_apart() -> None:
    wanted = [0.0, 0.0, 0.01, 0.5, 0.52, 0.9, 1.0, 1.0]
    heights = _apart(wanted)
    assert all(after - before >= NAME_HEIGHT - 1e-9 for before, after in pairwise(heights))
    assert min(heights) >= 0
    assert max(heights) <= 1 + 1e-9


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"the plot cannot be written; got: .*Bananas\.png"):
        draw(curves(), tmp_path / "nowhere")
