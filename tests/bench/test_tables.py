"""A table reads well as text and is Markdown; what there is no number for is not told as one."""

from dataclasses import replace

import pytest

from streamer.bench.outcome import Row, luck_row
from streamer.bench.speed import Speed
from streamer.bench.tables import markdown, speed_table, task_table

ROW = Row(
    task="inverse",
    predictor="learner",
    settings="memory none",
    seeds=100,
    samples=1000,
    solved=99,
    holds=98,
    median=234.5,
    p90=1250.0,
    worst=None,
    segments=0,
    recovered=0,
)
SPEED = Speed("fused", "step_many", 16, 1, 8, "none", "tbptt", "rmsprop", 2.345, 1.204)


def cells(table: str) -> list[list[str]]:
    """The table's header and rows, as a Markdown reader takes it apart."""
    header, rule, *rows = table.splitlines()
    assert set(rule) == {"|", "-"}
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in (header, *rows)]
    assert {len(row) for row in found} == {rule.count("|") - 1}
    return found


def named(table: str) -> dict[str, str]:
    """The first row's cells by the header's names."""
    header, row = cells(table)[:2]
    return dict(zip(header, row, strict=True))


def test_all_lines_are_as_long_as_each_other_so_that_it_reads_as_text() -> None:
    table = markdown(["a", "a long header"], [["a long cell", "1"], ["×", ""]])
    assert len({len(line) for line in table.splitlines()}) == 1
    assert cells(table) == [["a", "a long header"], ["a long cell", "1"], ["×", ""]]


def test_a_table_without_rows_is_its_header() -> None:
    assert cells(task_table([])) == [cells(task_table([ROW]))[0]]


def test_a_row_of_another_width_is_an_error_and_not_a_crooked_table() -> None:
    with pytest.raises((ValueError, IndexError)):
        markdown(["a", "b"], [["1"]])
    with pytest.raises(ValueError, match="zip"):
        markdown(["a"], [["1", "2"]])


def test_a_task_is_told_with_its_shares_and_the_samples_it_took() -> None:
    row = named(task_table([ROW]))
    assert (row["task"], row["predictor"], row["settings"]) == ("inverse", "learner", "memory none")
    assert (row["solved"], row["holds"]) == ("99 of 100", "98 of 100")
    assert (row["median"], row["p90"]) == ("234", "1,250")


def test_what_there_is_no_number_for_is_a_dash() -> None:
    assert named(task_table([ROW]))["worst"] == "–"
    luck = named(task_table([luck_row("inverse", 300, 10_000, 3)]))
    assert luck["solved"] == "3 of 10000"
    assert [luck[name] for name in ("median", "p90", "worst")] == ["–"] * 3


def test_mistakes_are_told_of_tasks_with_segments_only() -> None:
    assert named(task_table([ROW]))["mistakes a segment"] == ""
    changing = replace(ROW, segments=400, recovered=397, mistakes_first_quarter=80.04, mistakes_last_quarter=19.96)
    assert named(task_table([changing]))["mistakes a segment"] == "80.0 → 20.0, 397 of 400 recovered"


def test_a_speed_is_told_with_its_settings_and_the_ratio() -> None:
    row = named(speed_table([SPEED]))
    assert list(row.values()) == ["fused", "step_many", "16", "1", "8", "none", "tbptt", "rmsprop", "2.35", "1.20"]
    assert named(speed_table([replace(SPEED, engine="c")]))["engine"] == "C"


def test_large_numbers_are_told_without_decimals_that_say_nothing() -> None:
    row = named(speed_table([replace(SPEED, microseconds_per_sample=1234.5678, ratio_to_c=1583.47)]))
    assert (row["µs a sample"], row["× C"]) == ("1,235", "1,583")


def test_where_c_does_other_work_there_is_no_ratio() -> None:
    assert named(speed_table([replace(SPEED, ratio_to_c=None)]))["× C"] == ""
