"""What a daemon refuses to start with, though each setting alone is right."""

from pathlib import Path

import pytest

from streamer.app.predictors import CommitteeFactory
from streamer.app.reading import read_settings
from streamer.columns import PLAIN, Column, Schema
from streamer.config.committee import CommitteeSettings
from streamer.errors import SettingsError

TABLE = Schema((Column("a"), Column("b")))


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('committee.members=["gruu"]', "got 'gruu', no member for task binary; do this: use prior, markov"),
        ('committee.members=["last_value"]', "got 'last_value', no member for task binary"),
        ("committee.microseconds_per_sample=0.1", "too little for any member; do this: give at least 0."),
    ],
)
def test_a_committee_that_there_cannot_be_is_refused_and_told_where_it_was_asked_for(setting: str, words: str) -> None:
    read_settings(overrides=[setting])  # a learner does not mind
    with pytest.raises(SettingsError) as refusal:
        read_settings(overrides=["predictor=committee", setting])
    assert words in str(refusal.value)
    assert f"{setting.partition('=')[0]} (from --set): " in str(refusal.value)


def test_the_file_is_named_if_it_is_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('predictor = "committee"\n[committee]\nmembers = ["gruu"]\n')
    with pytest.raises(SettingsError, match=f"committee.members \\(from {file}\\)"):
        read_settings(str(file))


def test_members_for_tables_alone_are_a_committee_for_tables() -> None:
    chosen = read_settings(overrides=["predictor=committee", 'committee.members=["linear"]']).settings
    factory = CommitteeFactory(chosen.committee_settings(), 0, engine="auto", label_horizon=8)
    assert "a committee of 1, its networks none: linear" in factory.warm_up()
    assert factory.create("s", TABLE).members == ("linear",)
    assert factory.objection(2, TABLE) is None
    refusal = factory.objection(1, PLAIN)
    assert refusal is not None
    assert refusal.reason == "members"
    assert "got linear, of no use for series of one number; do this: add one of prior" in refusal.words


def test_a_budget_that_is_enough_for_narrow_rows_only_refuses_wide_ones() -> None:
    factory = CommitteeFactory(
        CommitteeSettings(members=("linear",), microseconds_per_sample=1.0), 0, engine="auto", label_horizon=8
    )
    wide = Schema(tuple(Column(f"x{place}") for place in range(64)))
    assert factory.objection(2, TABLE) is None
    refusal = factory.objection(64, wide)
    assert refusal is not None
    assert "too little for any member" in refusal.words
