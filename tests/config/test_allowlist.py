"""The list of keys: its grammar, and what it permits."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zmq.utils import z85

from streamer.config import allowlist
from streamer.config.allowlist import parse, read_allow_list
from streamer.config.keys import is_key
from streamer.errors import SettingsError

A, B = (z85.encode(bytes(range(first, first + 32))).decode() for first in (0, 100))


def faults(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse(text, "keys")
    return [fault.setting for fault in caught.value.faults]


def test_a_key_alone_may_feed_every_stream_and_one_with_patterns_only_those() -> None:
    listed = parse(f"{A}\n{B} hall-* door ?x\n", "keys")
    assert all(listed.permits(A, stream) for stream in ("hall-1", "door", "anything"))
    permitted = {
        stream: listed.permits(B, stream) for stream in ("hall-1", "hall-", "door", "ax", "x", "doors", "Door")
    }
    assert permitted == {"hall-1": True, "hall-": True, "door": True, "ax": True} | dict.fromkeys(
        ("x", "doors", "Door"), False
    )


def test_who_is_not_listed_may_feed_nothing() -> None:
    listed = parse(A, "keys")
    assert B not in listed
    assert not listed.permits(B, "door")


def test_a_list_without_keys_lets_nobody_in() -> None:
    assert len(parse("\n# nobody yet\n   \n", "keys")) == 0


def test_comments_stand_on_their_own_line_or_behind_and_may_switch_a_key_off() -> None:
    listed = parse(f"# the house\n#{B}\n  {A} door # front\n{'#' * 40}\n", "keys")
    assert len(listed) == 1
    assert listed.permits(A, "door")
    assert not listed.permits(A, "front")


@given(st.binary(min_size=32, max_size=32))
def test_no_key_can_be_taken_for_a_comment(raw: bytes) -> None:
    key = z85.encode(raw).decode()
    assert parse(f"{key} door", "keys").permits(key, "door")
    assert not is_key(f"#{key[1:]}")


@pytest.mark.parametrize(
    "line",
    [A[:-1], A + "0", f"hall {A}", f"{A} hall/1", f"{A} [ab]", f"{A} {'x' * 65}", f"{A} ü", "x" * 100_000],
)
def test_what_is_wrong_with_a_line_is_told_with_its_number_and_briefly(line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(f"\n{line}\n{B}\n", "keys")
    assert {fault.setting for fault in caught.value.faults} == {"keys line 2"}
    assert len(str(caught.value)) < 400


def test_all_faults_are_told_at_once() -> None:
    assert faults(f"nonsense\n{A} a/b c/d\n{B}\n{B}\n") == ["keys line 1", "keys line 2", "keys line 2", "keys line 4"]


def test_a_key_listed_twice_is_refused_and_both_lines_are_named() -> None:
    with pytest.raises(SettingsError, match="keys line 3: the key is on line 1 too"):
        parse(f"{A} door\n{B}\n{A} hall\n", "keys")


def test_more_keys_than_anyone_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowlist, "MOST_KEYS", 1)
    assert faults(f"{A}\n{B}\n") == ["keys"]


def test_a_list_is_read_from_its_file_and_a_missing_one_is_a_fault_of_the_setting(tmp_path: Path) -> None:
    (tmp_path / "allowed").write_text(f"{A}\n")
    assert A in read_allow_list(f"{tmp_path}/allowed")
    with pytest.raises(SettingsError, match=r"transport\.allow: .*cannot be read") as caught:
        read_allow_list(f"{tmp_path}/missing")
    assert "streamer keys new" in str(caught.value)


def test_a_list_too_large_is_refused_and_not_cut_for_a_key_without_its_streams_may_feed_all(tmp_path: Path) -> None:
    path, line = tmp_path / "allowed.keys", f"{A} hall-*\n"
    path.write_text("#" * (1_000_000 - len(A) - 1) + "\n" + line)
    with pytest.raises(SettingsError, match="larger than 1,000,000 bytes"):
        read_allow_list(str(path))
    path.write_text("#" * (1_000_000 - len(line) - 1) + "\n" + line)
    assert not read_allow_list(str(path)).permits(A, "door")
