"""What a person reads whose table is not one: where it is wrong, what is there, what should be, and what to do."""

import gzip
from pathlib import Path

import pytest

from streamer.errors import DataError
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tables.source import TableSource

GOOD = "a,b,y\n1,2,0\n3,4,1\n"

CASES: dict[str, tuple[str, bytes, Mapping, str]] = {
    "a ragged row": (
        "t.csv",
        b"a,b,y\n1,2,0\n3,4\n",
        Mapping(),
        "t.csv, line 3: a row of another length; got: 2 cells, '3,4'; expected: 3, one for each of a, b, y; do this: "
        "mend the row, or leave such rows out with --on-bad-row skip",
    ),
    "text in a numeric column": (
        "t.csv",
        b"a,b,y\n1,2,0\nx,4,1\n2,3,1\n",
        Mapping(),
        "t.csv, line 3, column 'a': text in a numeric column; got: 'x'; expected: a finite number, or one of the texts "
        "for a missing value; do this: mend the row; or --missing if it stands for no value, --category a if it is a "
        "name, --on-bad-row skip to leave such rows out",
    ),
    "text in a numeric target": ("t.csv", b"a,y\n1,2\n1,3\n1,x\n", Mapping(), "t.csv, line 4, column 'y': text in a"),
    "an infinite number": ("t.csv", b"a,y\n1,2\n1e39,3\n2,2\n", Mapping(), "t.csv, line 3, column 'a': text in a"),
    "digits with a line between them": ("t.csv", b"a,y\n1,2\n1_0,3\n2,1\n", Mapping(), "column 'a': text in a numeric"),
    "decimal commas": (
        "t.csv",
        b"a;y\n1,5;2\n2,5;3\n",
        Mapping(delimiter=";"),
        "t.csv, line 2, column 'a': a number with a comma; got: '1,5'; expected: a decimal point; do this: "
        "write numbers with points, or --category a if it is a name",
    ),
    "lines that end as they once did": ("t.csv", b"a,y\r1,2\r", Mapping(), "end lines with a line feed: tr"),
    "a wrong delimiter": (
        "t.csv",
        b"a;b;y\n1;2;0\n",
        Mapping(),
        "t.csv, line 1: the header is one column; got: 'a;b;y'; expected: names with ',' between them; do this: give "
        "--delimiter ';'",
    ),
    "tabs in a file of commas": ("t.csv", b"a\tb\n1\t2\n", Mapping(), "do this: give --delimiter tab"),
    "commas in a file of tabs": ("t.tsv", b"a,b\n1,2\n", Mapping(), "do this: give --delimiter ','"),
    "no header": (
        "t.csv",
        b"1,2,0\n3,4,1\n",
        Mapping(),
        "t.csv, line 1: the header is missing; got: '1,2,0'; expected: the columns' names; do this: put them into a "
        "first line, or give --names with 3 of them",
    ),
    "no header, and names among the numbers": ("t.csv", b"5.1,3.5,setosa\n", Mapping(), "the header is missing"),
    "an empty file": ("t.csv", b"", Mapping(), "t.csv: it is empty; expected: a first line with the columns' names"),
    "an empty file of lines": ("t.jsonl", b"", Mapping(), "t.jsonl: there are no rows"),
    "nothing but a header": ("t.csv", b"a,y\n", Mapping(), "t.csv: there are no rows"),
    "bytes that are not UTF-8": (
        "t.csv",
        b"a,shop,y\n1,n,0\n2,Z\xfcrich,1\n",
        Mapping(),
        "t.csv, line 3: it is not UTF-8 here; got: byte 0xfc as byte 4 of the line; expected: UTF-8; do this: convert "
        "it, for example with iconv -f LATIN1 -t UTF-8",
    ),
    "bytes that are not UTF-8 in the header": (
        "t.csv",
        b"pr\xe4is,y\n1,0\n",
        Mapping(),
        "t.csv, line 1: it is not UTF-8",
    ),
    "UTF-16": ("t.csv", "a,y\n1,0\n".encode("utf-16"), Mapping(), "t.csv, line 1: it is UTF-16; got:"),
    "a target that is not there": (
        "t.csv",
        GOOD.encode(),
        Mapping(target="yy"),
        "t.csv: --target: there is no such column; got: 'yy'; expected: one of a, b, y; do this: write 'y'",
    ),
    "an input that is not there": ("t.csv", GOOD.encode(), Mapping(inputs=("c",)), "--inputs: there is no such column"),
    "a time that is not there": ("t.csv", GOOD.encode(), Mapping(time="t"), "--time: there is no such column"),
    "a target among the inputs": ("t.csv", GOOD.encode(), Mapping(target="y", inputs=("y",)), "gives itself away"),
    "no column left": ("t.csv", GOOD.encode(), Mapping(ignore=("a", "b")), "no column is left to be an input"),
    "no time in the time column": (
        "t.csv",
        b"t,a,y\nyesterday,1,2\n",
        Mapping(time="t"),
        "t.csv, line 2, column 't': no time in the time column; got: 'yesterday'; expected: a time like 2024-05-17T08",
    ),
    "milliseconds": ("t.csv", b"t,a,y\n1700000000000,1,2\n", Mapping(time="t"), "no time in the time column"),
    "a forecast of nothing": ("t.csv", b"a,b\n1,2\n", Mapping(forecast=(1,)), "a forecast of nothing"),
    "a forecast of texts": ("t.csv", b"a,y\n1,red\n", Mapping(forecast=(1,)), "a forecast of texts"),
    "two columns of one name": (
        "t.csv",
        b"a,a\n1,2\n",
        Mapping(),
        "t.csv, line 1, column 'a': two columns of one name",
    ),
    "a quote that is not closed": ("t.csv", b'a,y\n1,2\n"3,4\n5,6\n', Mapping(), "t.csv, line 3: it is not CSV here"),
    "more columns than can travel": (
        "t.csv",
        (",".join(f"c{n}" for n in range(65)) + "\n" + ",".join("1" * 65) + "\n").encode(),
        Mapping(),
        "t.csv: too many columns; got: 65; expected: at most 64",
    ),
    "a line that is not JSON": ("t.jsonl", b'{"a": 1}\n{"a": 2\n', Mapping(), "t.jsonl, line 2: it is not JSON here"),
    "a line that is no object": ("t.jsonl", b"[1, 2]\n", Mapping(), "t.jsonl, line 1: a line is not an object"),
    "objects too deep": (
        "t.jsonl",
        b'{"a": {"b": {"c": 1}}}\n',
        Mapping(),
        "t.jsonl, line 1, column 'a.b': nested too deep; got: \"{'c': 1}\"; expected: numbers, texts, true, false or "
        "null at most one level deep",
    ),
    "a name that says nothing": ("table", GOOD.encode(), Mapping(), "its name does not say what is in it"),
}


@pytest.mark.parametrize(("name", "content", "mapping", "words"), CASES.values(), ids=CASES)
def test_the_error_says_where_it_is_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, mapping: Mapping, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        TableSource(name, mapping)
    assert words in str(caught.value)
    assert str(caught.value).startswith(name)


def test_a_gzip_that_ends_early_is_told_with_its_line(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n * 7919 % 1000},{n % 2}\n" for n in range(2000))
    whole = gzip.compress(("a,b,y\n" + rows).encode())
    path = tmp_path / "t.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(
        DataError, match=r"t\.csv\.gz, line \d+: it breaks off, or is damaged; got: .*end-of-stream"
    ) as caught:
        TableSource(str(path))
    assert caught.value.line is not None
    assert 100 < caught.value.line < 2000
    path.write_bytes(whole[:300] + bytes(50) + whole[350:])
    with pytest.raises(DataError, match="it breaks off, or is damaged"):
        TableSource(str(path))


def test_a_file_that_is_not_there_and_an_empty_directory_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no\.csv: it cannot be read; got: No such file"):
        TableSource(str(tmp_path / "no.csv"))
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(DataError, match="a directory without data files"):
        TableSource(str(tmp_path))


def test_files_of_a_directory_must_have_one_header(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(GOOD)
    (tmp_path / "2.csv").write_text("a,c,y\n1,2,0\n")
    with pytest.raises(DataError, match=r"2\.csv, line 1: another header; got: a, c, y; expected: the same columns"):
        TableSource(str(tmp_path))


def test_a_file_that_changes_while_it_is_read_is_an_error_and_no_other_log(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(GOOD)
    source = TableSource(str(path))
    path.write_text(GOOD.replace("3,4", "3,5"))
    with pytest.raises(DataError, match="it has changed while it was read"):
        source.read(0, 2)
    source = TableSource(str(path))
    source.read(0, 1)
    path.write_text(GOOD)
    with pytest.raises(DataError, match="it has changed while it was read"):
        source.read(1, 1)


def test_a_line_without_an_end_is_not_taken_into_memory_whole(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b'{"a": 1}\n{"a": "' + b"x" * 3_000_000 + b'"}\n{"a": 2}\n')
    with pytest.raises(DataError, match=r"line 2: a line is too long; got: .* expected: at most 1,048,576 bytes"):
        TableSource(str(path))
