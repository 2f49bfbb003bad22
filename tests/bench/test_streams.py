"""Where the streams of `bench real` come from, and what is said of a file that cannot be one."""

from pathlib import Path

import numpy as np
import pytest

from streamer.bench.river import DATA_SETS
from streamer.bench.streams import chosen, known, of_file
from streamer.errors import DataError, SettingsError
from streamer.sources.tables.badrows import BadRows
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tasks import TASKS


def written(folder: Path, *lines: str) -> str:
    file = folder / "data.csv"
    file.write_text("\n".join(lines) + "\n")
    return str(file)


def test_every_data_set_and_every_task_is_there() -> None:
    assert set(known()) == {data.name for data in DATA_SETS} | set(TASKS)


def test_a_wrong_name_is_told_with_those_that_there_are() -> None:
    assert list(chosen(["inverse", "Bananas"])) == ["Bananas", "inverse"]
    with pytest.raises(SettingsError, match=r"'Banana'.*use one of Phishing, Bananas.*inverse"):
        chosen(["Banana"])


def test_a_data_set_has_its_declared_periods_columns_and_no_more_samples_than_are_used() -> None:
    passengers = known()["AirlinePassengers"]()
    assert passengers.periods == (12,)
    assert {column.kind for column in passengers.schema.columns} == {"cycle"}
    assert passengers.block(0) is passengers.block(1)
    assert len(passengers.head(20).block(0)) == 20
    assert len(known()["Shuttle"]().block(0)) == 10_000


def test_a_task_has_other_samples_for_another_seed_and_no_names() -> None:
    stream = known()["inverse"]().head(100)
    first, second = stream.block(0), stream.block(1)
    assert first.inputs.tolist() != second.inputs.tolist()
    assert (first.targets[1:] == 1 - first.inputs[:-1, 0]).all()
    assert not stream.schema.columns


@pytest.mark.parametrize(
    ("targets", "kind"),
    [(["0", "1", "0"], "binary"), (["a", "b", "a"], "multiclass"), (["1", "2", "0.5"], "regression")],
)
def test_the_kind_of_target_is_found_from_the_data(tmp_path: Path, targets: list[str], kind: str) -> None:
    stream = of_file(written(tmp_path, "x,y", *(f"{n},{y}" for n, y in enumerate(targets))), Mapping())
    assert (stream.name, stream.kind) == ("data.csv", kind)


def test_whole_numbers_are_classes_if_that_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "x,y", *(f"{n},{n}" for n in range(20)))
    assert of_file(path, Mapping()).kind == "regression"
    stream = of_file(path, Mapping(), "multiclass", (7,))
    assert (stream.kind, stream.classes, stream.periods) == ("multiclass", 20, (7,))


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        (["x,z", "1,2"], None, "nothing is to be predicted.*one of x, z.*--target"),
        (["x,y", "1,", "2,"], None, "column 'y': no row has a target"),
        (["x,y", "1,2.5", "2,3"], "binary", "got: 2.5, 3; expected: 0 and 1"),
        (["x,y", "1,a", "2,b"], "regression", "the targets are texts"),
        (["x,y", *(f"1,{n}" for n in range(65))], "multiclass", "too many classes; got: 65"),
        (["x,y"], None, "there are no rows"),
        (["x,y", "1,1", "q,1", "2,1"], None, "line 3, column 'x'"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_why(
    tmp_path: Path, lines: list[str], kind: str | None, words: str
) -> None:
    with pytest.raises(DataError, match=words):
        of_file(written(tmp_path, *lines), Mapping(), kind)  # type: ignore[arg-type]


def test_wrong_rows_can_be_left_out(tmp_path: Path) -> None:
    bad_rows = BadRows("skip")
    stream = of_file(written(tmp_path, "x,y", "1,1", "q,1", "2,1"), Mapping(), bad_rows=bad_rows)
    assert stream.block(0).inputs[:, 0].tolist() == [1, 2]
    assert bad_rows.count == 1


def test_a_missing_label_stays_one(tmp_path: Path) -> None:
    block = of_file(written(tmp_path, "x,y", "1,1", "2,", "3,0"), Mapping()).block(0)
    assert np.isnan(block.targets).tolist() == [False, True, False]
