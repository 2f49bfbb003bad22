"""River's data sets as sources, where River is."""

import math

import pytest

from streamer.columns import Column, Schema
from streamer.errors import DataError, UnavailableError
from streamer.sources.river import RiverSource
from streamer.sources.tables.mapping import Mapping

datasets = pytest.importorskip("river.datasets")


def test_a_data_set_comes_as_its_own_rows() -> None:
    source = RiverSource("Phishing")
    x, y = list(datasets.Phishing())[0]  # noqa: RUF015  # River leaves its file open if one stops before
    assert source.length == 1250
    assert source.schema.names == tuple(x)
    block = source.read(0, 1)
    assert block.inputs[0].tolist() == pytest.approx(list(x.values()))
    assert block.targets.tolist() == [float(y)]


def test_texts_as_targets_are_classes() -> None:
    source = RiverSource("ImageSegments")
    assert source.schema.target == "category"
    assert source.classes[float(source.read(0, 1).targets[0])] == [y for _, y in datasets.ImageSegments()][0]  # noqa: RUF015


def test_a_moment_is_the_time_column_and_a_forecasts_target_an_input() -> None:
    source = RiverSource("AirlinePassengers", Mapping(forecast=(1,)))
    columns = (
        Column("target"),
        *(Column(f"month.year.{wave}{k}", "cycle") for k in (1, 2, 3) for wave in ("sin", "cos")),
    )
    assert source.schema == Schema(columns, "numeric", (1,))
    block, times = source.read_timed(0, 2)
    assert block.inputs[:, 0].tolist() == block.targets.tolist() == [112, 118]
    assert (times[1] - times[0]) == 31 * 86_400
    assert not math.isnan(times[0])


def test_one_that_is_not_there_is_told_with_the_nearest_and_one_to_download_with_how() -> None:
    with pytest.raises(DataError, match="do this: write river:Phishing"):
        RiverSource("Phising")
    with pytest.raises(UnavailableError, match=r"datasets\.Elec2\(\)\.download\(\)"):
        RiverSource("Elec2")
    with pytest.raises(DataError, match="one target of named features"):
        RiverSource("Yeast")


def test_without_river_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "river", None)
    with pytest.raises(UnavailableError, match="pip install"):
        RiverSource("Phishing")
