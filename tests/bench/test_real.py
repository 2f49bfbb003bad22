"""The rows of a stream: who is in them, in which order, over which seeds."""

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from streamer.bench import real
from streamer.bench.contest import Trace, run_committee
from streamer.bench.real import RealRow, Result, run_stream, table
from streamer.bench.river import rivals_of
from streamer.bench.streams import Stream, known
from streamer.columns import Column, Schema
from streamer.samples import Block

MEMBERS = ("prior", "markov")
ROW = RealRow("Bananas", 5300, "committee", "committee", "accuracy", 89.64, 0.26, 0.2391, 1.0071, None, 15.04, 5)


def few(samples: int = 250) -> Stream:
    return known()["inverse"]().head(samples)


def wild(kind: Any = "binary", samples: int = 220) -> Stream:
    rng = np.random.default_rng(0)
    xs, ys = rng.standard_normal((samples, 1)), rng.integers(0, 2, samples)
    block = Block(0, xs.astype(np.float32), ys.astype(np.float32))
    return Stream("wild", kind, lambda seed: block, Schema((Column("a"),)))


def by_name(result: Result) -> dict[str, RealRow]:
    return {row.predictor: row for row in result.rows}


def test_a_task_has_the_committee_and_its_members_and_no_model_that_remembers_nothing() -> None:
    rows = run_stream(few(), 2, members=MEMBERS).rows
    assert [row.role for row in rows] == ["committee", "member", "member"]
    assert {row.predictor for row in rows[1:]} == set(MEMBERS)
    assert {(row.stream, row.samples, row.seeds) for row in rows} == {("inverse", 250, 2)}


def test_a_table_has_rivals_last_and_each_role_is_in_order_of_its_loss() -> None:
    rows = run_stream(wild(), 1, members=MEMBERS).rows
    roles = [row.role for row in rows]
    assert roles == ["committee", *["member"] * 2, *["River"] * len(rivals_of("binary"))]
    for role in ("member", "River"):
        losses = [row.log_loss for row in rows if row.role == role and row.log_loss is not None]
        assert losses == sorted(losses)


def test_scores_are_means_over_the_seeds_and_ratios_the_worst_of_them() -> None:
    stream, rows = few(), by_name(run_stream(few(), 3, members=MEMBERS))
    scores, losses, ratios = [], [], []
    for seed in range(3):
        block = stream.block(seed)
        own, members = run_committee(stream, block, seed, MEMBERS)
        scores.append(100 * own.points.mean())
        losses.append(own.losses.mean())
        best = np.min([np.cumsum(member.losses) for member in members], axis=0)
        ratios.append((np.cumsum(own.losses) / best)[199:].max())
    row = rows["committee"]
    assert row.score == pytest.approx(np.mean(scores))
    assert row.spread == pytest.approx(np.std(scores, ddof=1))
    assert row.log_loss == pytest.approx(np.mean(losses))
    assert row.loss_ratio_after_200 == pytest.approx(max(ratios))
    assert row.loss_ratio_after_1000 is None  # it has 250 samples


def test_numbers_have_an_error_and_no_log_loss() -> None:
    rows = by_name(run_stream(wild("regression"), 1, members=("last_value", "prior")))
    assert {row.score_name for row in rows.values()} == {"MAE"}
    assert {row.log_loss for row in rows.values()} == {None}
    assert rows["no change"].score == pytest.approx(rows["last_value"].score)  # both say 0 of the first sample


def test_a_model_that_draws_nothing_runs_once_beside_the_first_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = by_name(run_stream(wild(), 2, members=MEMBERS))
    assert (rows["Hoeffding tree"].seeds, rows["Hoeffding tree"].spread) == (1, None)
    assert rows["adaptive random forest"].seeds == 2


def test_a_member_that_fails_has_no_score_and_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*arguments: Any) -> tuple[Trace, list[Trace]]:
        own, members = run_committee(*arguments)
        nothing = np.full_like(own.losses, np.nan)
        return own, [Trace(nothing, nothing), *members[1:]]

    monkeypatch.setattr(real, "run_committee", failing)
    rows = run_stream(few(), 1, members=MEMBERS).rows
    failed = rows[-1]
    assert (failed.predictor, failed.score, failed.log_loss, failed.loss_ratio_after_200) == ("prior", None, None, None)
    assert "failed" in table(rows)
    assert "NaN" not in json.dumps([asdict(row) for row in rows])


def test_the_work_done_is_told_in_shares_of_the_whole() -> None:
    shares: list[float] = []
    run_stream(wild(), 2, shares.append, MEMBERS)
    assert sum(shares) == pytest.approx(1)


def test_curves_are_mean_cumulative_losses() -> None:
    result = run_stream(few(), 2, members=MEMBERS)
    assert list(result.curves.totals) == [row.predictor for row in result.rows]
    for row in result.rows:
        assert result.curves.totals[row.predictor][-1] / row.samples == pytest.approx(row.log_loss)


def test_the_table_tells_a_row_shortly() -> None:
    member = replace(ROW, predictor="gru", role="member", score=12.3, spread=0.0, score_name="MAE", log_loss=None)
    _, _, first, second = table([ROW, member]).splitlines()
    cells = [cell.strip() for cell in first.strip("|").split("|")]
    assert cells == ["Bananas", "5,300", "committee", "89.6 ± 0.3 %", "0.239", "1.007", "–", "15.0"]
    cells = [cell.strip() for cell in second.strip("|").split("|")]
    assert cells[2:5] == ["member: gru", "12.30 MAE", ""]
