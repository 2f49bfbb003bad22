"""The picture of a finding as a file, and what is refused before any work is done."""

import importlib.util
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from streamer.errors import UnavailableError
from streamer.replication.finding import Curve, Dots, Panel, Picture
from streamer.replication.plot import check_plot, draw


def picture(scale: Literal["percent", "log"]) -> Picture:
    x = np.arange(1.0, 20)
    curve = Curve("ours", x, np.stack([np.linspace(0.5, 1, 19)] * 2), "learns")
    dots = Dots("published", np.array([19.0]), np.array([0.9]))
    panel = Panel("A panel", (curve,), (dots,), level=("always saying 1", 0.75))
    return Picture("Title", "subtitle", "samples", "share right", (panel, panel), y_scale=scale)


@pytest.mark.parametrize(("name", "begins"), [("a.png", b"\x89PNG"), ("a.SVG", b"<?xml")])
@pytest.mark.parametrize("scale", ["percent", "log"])
def test_a_picture_is_written_in_the_form_of_its_name(
    tmp_path: Path, name: str, begins: bytes, scale: Literal["percent", "log"]
) -> None:
    file = tmp_path / name
    check_plot(file)
    draw(picture(scale), file)
    assert file.read_bytes().startswith(begins)


def test_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"\.png or \.svg"):
        check_plot(tmp_path / "curves.txt")


def test_a_missing_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="directory"):
        check_plot(tmp_path / "nowhere" / "curves.png")


def test_without_matplotlib_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UnavailableError, match="pip install matplotlib"):
        check_plot(tmp_path / "curves.png")
