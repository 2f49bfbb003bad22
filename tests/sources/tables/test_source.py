"""Tables read back as the rows that were written, however they are packed and cut."""

import csv
import gzip
import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.columns import Column, Schema, category_code
from streamer.errors import DataError
from streamer.sources.tables import table
from streamer.sources.tables.badrows import BadRows
from streamer.sources.tables.files import open_bytes
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tables.source import EVERY, TableSource

numbers = st.floats(-1e6, 1e6, width=32) | st.integers(-1000, 1000)
names = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=8).filter(
    lambda text: text.strip() not in ("", *Mapping().missing)
)
rows_of_a_table = st.lists(
    st.tuples(st.none() | numbers, st.none() | names, st.none() | numbers), min_size=1, max_size=40
)
MAPPING = Mapping(target="y", numeric=("a", "y"), category=("shop",))


def expected(row) -> list[float]:
    a, shop, y = row
    code = math.nan if shop is None else category_code(shop.strip())
    return [math.nan if a is None else a, code, math.nan if y is None else y]


def as_csv(rows) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["a", "shop", "y"])
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue().encode()


def as_jsonl(rows) -> bytes:
    return "".join(json.dumps(dict(zip(("a", "shop", "y"), row, strict=True))) + "\n" for row in rows).encode()


WRITERS = {"csv": as_csv, "jsonl": as_jsonl}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("packed", [False, True])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows_of_a_table, cuts=st.lists(st.integers(0, 40), max_size=6), parts=st.integers(1, 3))
def test_a_table_comes_back_as_the_rows_that_were_written_in_any_cut(
    tmp_path: Path, form: str, packed: bool, rows: list[tuple[object, ...]], cuts: list[int], parts: int
) -> None:
    folder = tmp_path / "table"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for part in range(parts):
        mine = rows[len(rows) * part // parts : len(rows) * (part + 1) // parts]
        content = WRITERS[form](mine)
        path = folder / f"{part}.{form}{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(content) if packed else content)
    source = TableSource(str(folder), MAPPING)
    assert source.length == len(rows)
    wanted = np.array([expected(row) for row in rows], np.float32)
    for cut in [0, *cuts]:
        block = source.read(cut, 7)
        found = np.column_stack([block.inputs, block.targets])
        np.testing.assert_array_equal(found, wanted[cut : cut + 7])


def test_the_columns_are_found_out_from_the_data(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,shop,open,price\n1,north,true,2.5\n2,south,false,\n3,NA,True,1e3\n4,"a, b",FALSE,0\n')
    source = TableSource(str(path), Mapping(target="price"))
    kinds = [Column("id"), Column("shop", "category"), Column("open")]
    assert source.schema == Schema(tuple(kinds))
    block = source.read(0, 9)
    assert block.inputs[:, 2].tolist() == [1, 0, 1, 0]
    assert block.inputs[:, 1].tolist() == [
        category_code("north"),
        category_code("south"),
        pytest.approx(math.nan, nan_ok=True),
        category_code("a, b"),
    ]
    assert block.targets.tolist() == [2.5, pytest.approx(math.nan, nan_ok=True), 1000, 0]


def test_what_the_user_says_of_columns_goes(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("zip;size;kind;y\n8001;-9;a;x\n8002;2;b;z\n")
    mapping = Mapping(inputs=("size", "zip"), category=("zip",), missing=("-9",), delimiter=";")
    source = TableSource(str(path), mapping)
    assert source.schema == Schema((Column("size"), Column("zip", "category")), "category")
    assert source.read(0, 1).inputs.tolist() == [[pytest.approx(math.nan, nan_ok=True), category_code("8001")]]
    assert source.classes == {category_code("x"): "x", category_code("z"): "z"}
    assert source.read(0, 2).targets.tolist() == list(source.classes)


def test_a_file_without_a_header_takes_the_names_given(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("1,2,0\n3,4,1\n")
    source = TableSource(str(path), Mapping(names=("a", "b", "y")))
    assert source.length == 2
    assert source.schema.names == ("a", "b")
    assert source.read(0, 1).inputs.tolist() == [[1, 2]]


def test_without_a_target_nothing_is_labelled_and_y_is_one_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,y\n1,2\n")
    assert TableSource(str(path)).read(0, 1).targets.tolist() == [2]
    assert TableSource(str(path), Mapping(inputs=("a", "y"))).schema.names == ("a", "y")
    path.write_text("a,b\n1,2\n")
    assert np.isnan(TableSource(str(path)).read(0, 1).targets).all()


def test_a_forecasts_target_is_an_input_as_well(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,y\n1,2\n")
    source = TableSource(str(path), Mapping(target="y", forecast=(10, 5)))
    assert source.schema == Schema((Column("a"), Column("y")), "numeric", (5, 10))
    assert source.read(0, 1).targets.tolist() == source.read(0, 1).inputs[:, 1].tolist() == [2]


def test_keys_that_come_late_are_columns_from_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1, "at": {"lat": 2}}\n\n{"a": 2, "x": [3, NaN], "sale": true}\n')
    source = TableSource(str(path))
    assert source.schema.names == ("a", "at.lat", "x.0", "x.1", "sale")
    nan = pytest.approx(math.nan, nan_ok=True)
    assert source.read(0, 2).inputs.tolist() == [[1, 2, nan, nan, nan], [2, nan, 3, nan, 1]]


@pytest.mark.parametrize(
    ("step", "rows", "cycles"),
    [
        (3600, 30 * 24, "day1 day2 day3 week1 week2 week3"),
        (86_400, 800, "week1 week2 week3 year1 year2 year3"),
        (30 * 86_400, 48, "year1 year2 year3"),
        (100 * 86_400, 48, "year1"),
        (60, 600, ""),
    ],
)
def test_a_time_column_becomes_the_cycles_that_the_table_can_show(
    tmp_path: Path, step: int, rows: int, cycles: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "when,a,y\n" + "".join(f"{1.7e9 + n * step},{n},1\n{1.7e9 + n * step},{n},2\n" for n in range(rows))
    )
    source = TableSource(str(path), Mapping(time="when"))
    waves = [f"when.{cycle[:-1]}.{wave}{cycle[-1]}" for cycle in cycles.split() for wave in ("sin", "cos")]
    assert source.schema.names == ("a", *waves)
    assert source.schema.columns[1:] == tuple(Column(name, "cycle") for name in waves)
    block, times = source.read_timed(2, 1)
    assert times.tolist() == [1.7e9 + step]
    assert np.isfinite(block.inputs).all()


def test_the_epoch_changes_with_content_and_options_and_not_with_packing(tmp_path: Path) -> None:
    path, packed = tmp_path / "t.csv", tmp_path / "u.csv.gz"
    path.write_text("a,b,y\n1,2,0\n")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    first = TableSource(str(path)).epoch
    assert TableSource(str(path)).epoch == TableSource(str(packed)).epoch == first
    others = [Mapping(ignore=("b",)), Mapping(category=("a",)), Mapping(target="b"), Mapping(missing=("1",))]
    epochs = {TableSource(str(path), mapping).epoch for mapping in others}
    path.write_text("a,b,y\n1,3,0\n")
    assert len({*epochs, first, TableSource(str(path)).epoch}) == len(others) + 2


BAD = "a,y\n1,0\nx,1\n2,1\n3\n4,1\n"


def test_rows_left_out_have_no_number_and_are_written_down_with_the_reason(tmp_path: Path) -> None:
    path, bad = tmp_path / "t.csv", tmp_path / "t.csv.bad"
    path.write_text(BAD)
    bad_rows = BadRows("skip", str(bad))
    source = TableSource(str(path), bad_rows=bad_rows)
    assert (source.length, bad_rows.count) == (3, 2)
    for _ in range(2):
        assert source.read(0, 9).inputs[:, 0].tolist() == [1, 2, 4]
    assert source.read(1, 9).inputs[:, 0].tolist() == [2, 4]
    told = [json.loads(line) for line in bad.read_text().splitlines()]
    assert [(row["file"], row["line"], row["column"], row["problem"]) for row in told] == [
        (str(path), 3, "a", "text in a numeric column"),
        (str(path), 5, None, "a row of another length"),
    ]
    assert TableSource(str(path), bad_rows=BadRows("skip")).epoch == source.epoch


def test_a_table_of_nothing_but_wrong_rows_is_an_error_whatever_is_to_be_done_with_them(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("nonsense\n")
    with pytest.raises(DataError, match="not JSON"):
        TableSource(str(path), bad_rows=BadRows("skip"))


def test_a_file_of_bad_rows_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(BAD)
    with pytest.raises(DataError, match="bad rows cannot be written down"):
        TableSource(str(path), bad_rows=BadRows("skip", str(tmp_path / "no" / "bad")))


def test_texts_a_few_of_which_are_numbers_are_categories(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("door,y\n12,0\n12b,1\n7a,0\n")
    assert TableSource(str(path)).schema.columns == (Column("door", "category"),)


def test_reading_on_opens_the_file_once_and_going_back_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opened = tmp_path / "t.csv", []
    path.write_text("n,y\n" + "".join(f"{n},0\n" for n in range(100)))
    source = TableSource(str(path))

    def counted(file: Path):
        opened.append(file)
        return open_bytes(file)

    monkeypatch.setattr(table, "open_bytes", counted)
    for first in range(0, 100, 10):
        source.read(first, 10)
    assert len(opened) == 1
    source.read(20, 10)
    assert len(opened) == 2


def test_any_place_of_a_long_table_is_reached_from_the_nearest_place_kept(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = 3 * EVERY + 5
    path.write_text("n,y\n" + "".join(f"{n},0\n" + ("x,1\n" if n % 1000 == 3 else "") for n in range(rows)))
    source = TableSource(str(path), bad_rows=BadRows("skip"))
    assert source.length == rows
    for first in (0, 2 * EVERY + 1, EVERY - 1, EVERY, rows - 2, 3):
        assert source.read(first, 4).inputs[:, 0].tolist() == list(range(first, min(first + 4, rows)))
