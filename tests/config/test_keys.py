"""Key files: what is one, what is not, and who may read it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zmq.utils import z85

from streamer.config.daemon_keys import daemon_keys
from streamer.config.keys import credentials, is_key, read_public, read_secret, secret_text
from streamer.config.loading import load
from streamer.config.settings import TransportSettings
from streamer.errors import SettingsError

PUBLIC, SECRET = (z85.encode(bytes(range(first, first + 32))).decode() for first in (0, 100))


def written(path: Path, text: str, mode: int = 0o600) -> str:
    path.write_text(text)
    path.chmod(mode)
    return str(path)


@pytest.fixture
def secret_file(tmp_path: Path) -> str:
    return written(tmp_path / "k", secret_text(SECRET))


@given(st.binary(min_size=32, max_size=32))
def test_any_32_bytes_in_z85_are_a_key(raw: bytes) -> None:
    assert is_key(z85.encode(raw).decode())


@given(st.text(max_size=50))
def test_whatever_is_taken_for_a_key_is_32_bytes_in_z85(text: str) -> None:
    if is_key(text):
        assert len(z85.decode(text.encode())) == 32


@pytest.mark.parametrize("text", ["", PUBLIC[:-1], PUBLIC + "0", PUBLIC[:-1] + '"', PUBLIC[:-1] + "é", "#" * 40])
def test_what_is_no_key_is_not_taken_for_one(text: str) -> None:
    assert not is_key(text)


def test_a_secret_key_is_read_from_its_file(secret_file: str) -> None:
    assert read_secret(secret_file, "transport.key") == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o610])
def test_a_secret_that_others_could_read_or_write_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int
) -> None:
    path = written(tmp_path / "k", secret_text(SECRET), mode)
    with pytest.raises(SettingsError, match=f"do this: chmod 600 {path}"):
        read_secret(path, "transport.key")


def test_a_secret_of_another_owner_is_his_to_protect(secret_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chmod(secret_file, 0o440)  # as a container's secrets are mounted
    monkeypatch.setattr(os, "getuid", lambda: os.stat(secret_file).st_uid + 1)
    assert read_secret(secret_file, "transport.key") == SECRET


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{PUBLIC}\n", "holds a public key"),
        ("", "holds no secret key"),
        ("nonsense", "holds no secret key"),
        (secret_text(SECRET[:-1]), "holds no secret key"),
        (secret_text(SECRET) * 2, "holds no secret key"),
    ],
)
def test_a_file_that_holds_no_secret_key_is_refused_without_telling_what_it_holds(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        read_secret(written(tmp_path / "k", text), "transport.key")
    assert SECRET[:10] not in str(caught.value)


def test_a_missing_file_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"do this: make one with `streamer keys new {tmp_path}/k`"):
        read_secret(f"{tmp_path}/k", "transport.key")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "k").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="is not text"):
        read_secret(f"{tmp_path}/k", "transport.key")


def test_a_public_key_is_given_as_it_is_or_by_its_file(tmp_path: Path) -> None:
    assert read_public(PUBLIC, "daemon_key") == PUBLIC
    assert read_public(written(tmp_path / "k.pub", f"{PUBLIC}\n", 0o644), "daemon_key") == PUBLIC


@pytest.mark.parametrize(
    ("text", "words"), [(secret_text(SECRET), "holds a secret key"), ("nonsense", "holds no public key")]
)
def test_a_file_that_holds_no_public_key_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        read_public(written(tmp_path / "k", text), "daemon_key")
    assert SECRET[:10] not in str(caught.value)


def test_a_producer_has_both_keys_or_neither(secret_file: str) -> None:
    both = credentials(secret_file, PUBLIC)
    assert both is not None
    assert (both.secret, both.daemon) == (SECRET, PUBLIC)
    assert credentials(None, None) is None
    for key, daemon_key, missing in [(secret_file, None, "daemon_key"), (None, PUBLIC, "key")]:
        with pytest.raises(SettingsError) as caught:
            credentials(key, daemon_key)
        assert [fault.setting for fault in caught.value.faults] == [missing]


def test_everything_wrong_with_a_producers_keys_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        credentials("/no/key", "/no/daemon/key")
    assert [fault.setting for fault in caught.value.faults] == ["key", "daemon_key"]


def test_a_daemon_without_a_key_has_none_and_with_one_reads_both_files(tmp_path: Path, secret_file: str) -> None:
    assert daemon_keys(TransportSettings()) is None
    allow = written(tmp_path / "allowed", f"{PUBLIC}\n")
    keys = daemon_keys(TransportSettings(key=secret_file, allow=allow))
    assert keys is not None
    assert (keys.secret, PUBLIC in keys.allowed) == (SECRET, True)


def test_the_configuration_is_refused_with_everything_that_is_wrong_with_both_files(tmp_path: Path) -> None:
    allow = written(tmp_path / "allowed", "nonsense\nnonsense\n")
    with pytest.raises(SettingsError) as caught:
        load(None, [f"transport.key={tmp_path}/missing", f"transport.allow={allow}"])
    assert [fault.setting for fault in caught.value.faults] == [
        "transport.key",
        f"{allow} line 1",
        f"{allow} line 2",
    ]
    assert caught.value.faults[0].origin == "--set"
