import pytest

from streamer.columns import PLAIN, Column, Schema
from streamer.config.committee import PERIOD_LIMIT, CommitteeSettings
from streamer.config.learner import TaskName
from streamer.errors import SettingsError
from streamer.learning.committee.committee import Committee
from streamer.learning.committee.lineup import check_lineup, usual_schema

TABLE = Schema((Column("a"), Column("b")))


def refused(**values: object) -> str:
    with pytest.raises(SettingsError) as refusal:
        Committee.of(CommitteeSettings.model_validate(values))
    return str(refusal.value)


def test_a_committee_of_named_members_has_these_and_no_others() -> None:
    assert Committee("binary", members=("markov", "prior")).members == ("prior", "markov")


def test_an_unknown_member_is_refused_with_those_that_there_are() -> None:
    message = refused(members=("prior", "gruu", "oracle"))
    assert "2 settings cannot be used" in message
    assert "committee.members: got 'oracle', no member for task binary; do this: use prior, markov, " in message


def test_a_member_for_another_task_is_refused() -> None:
    assert "got 'last_value', no member for task binary" in refused(members=("last_value",))


def test_a_member_that_is_of_no_use_for_such_rows_is_left_out_but_not_if_nobody_is_left() -> None:
    both = CommitteeSettings(members=("linear", "gru_ring"))
    assert Committee.of(both).members == ("gru_ring",)
    assert Committee.of(both, schema=TABLE).members == ("linear",)
    assert "got linear, of no use for series of one number; do this: add one of prior, " in refused(members=("linear",))


@pytest.mark.parametrize(("member", "named"), [("prior", False), ("gru_ring", False), ("linear", True)])
def test_what_a_committee_is_for_is_known_before_anything_is_made(member: str, named: bool) -> None:
    assert (usual_schema(CommitteeSettings(members=(member,)), {}) != PLAIN) is named


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression", "forecast", "next"])
def test_a_budget_takes_those_that_fit_and_none_is_refused_with_the_least_that_would(task: TaskName) -> None:
    everyone = Committee(task).members
    some = Committee(task, microseconds_per_sample=3.0).members
    assert set(some) < set(everyone)
    assert "prior" in some
    message = refused(task=task, microseconds_per_sample=0.1)
    least = float(message.partition("give at least ")[2].partition(";")[0])
    assert Committee(task, microseconds_per_sample=least + 0.01).members == ("prior",)


def test_a_budget_holds_for_the_members_that_were_named() -> None:
    assert "too little for any member" in refused(members=("gru_ring",), microseconds_per_sample=0.5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"periods": (24, PERIOD_LIMIT + 1)}, "give at most 4096"),
        ({"periods": (0,)}, "give at least 1"),
        ({"task": "regression", "horizons": (1, 3)}, "give one number for regression"),
        ({"task": "next", "horizons": (3,)}, "one step ahead"),
        ({"task": "forecast", "horizons": (0,)}, "give at least 1"),
        ({"task": "forecast", "horizons": ()}, "at least 1"),
        ({"microseconds_per_sample": 0}, "more than 0"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_what_would_fit(values: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        CommitteeSettings(**values)


def test_checking_a_lineup_refuses_what_making_it_would() -> None:
    with pytest.raises(SettingsError, match="of no use for tables"):
        check_lineup(CommitteeSettings(members=("gru_ring",)), TABLE, {})
