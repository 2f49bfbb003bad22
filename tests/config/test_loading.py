from pathlib import Path

import pytest

from streamer.config.loading import load
from streamer.errors import Fault, SettingsError


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {})


def written(tmp_path: Path, text: str) -> str:
    file = tmp_path / "streamer.toml"
    file.write_text(text)
    return str(file)


def faults_of(file: str | None = None, *overrides: str) -> dict[str, Fault]:
    with pytest.raises(SettingsError) as caught:
        load(file, overrides)
    return {fault.setting: fault for fault in caught.value.faults}


def test_without_anything_all_settings_are_defaults() -> None:
    assert {origin for _, _, origin in load().lines()} == {"default"}


def test_later_wins_default_then_file_then_environment_then_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "[learner]\nhidden = 2\ntruncation = 2\nstep_size = 0.2\n")
    monkeypatch.setenv("STREAMER_LEARNER__TRUNCATION", "3")
    monkeypatch.setenv("STREAMER_LEARNER__STEP_SIZE", "0.3")
    lines = {name: (value, origin) for name, value, origin in load(file, ["learner.step_size=0.4"]).lines()}
    assert lines["learner.inputs"] == (1, "default")
    assert lines["learner.hidden"] == (2, file)
    assert lines["learner.truncation"] == (3, "STREAMER_LEARNER__TRUNCATION")
    assert lines["learner.step_size"] == (0.4, "--set")


def test_of_two_sets_of_one_setting_the_last_wins() -> None:
    assert load(None, ["seed=1", "seed=2"]).settings.seed == 2


def test_a_value_of_set_needs_no_quotes_and_may_hold_an_equals_sign() -> None:
    settings = load(
        None, ["checkpoints.directory=/tmp/a=b", 'telemetry.host="::1"', "transport.insecure=true"]
    ).settings
    assert settings.checkpoints.directory == "/tmp/a=b"
    assert settings.telemetry.host == "::1"
    assert settings.transport.insecure is True


def test_every_fault_of_every_source_is_listed_at_once_with_its_origin_and_a_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "seed = -1\n[learner]\nhiden = 3\n[streams]\nlimit = 0\n")
    monkeypatch.setenv("STREAMER_LEARNER__TRUNCATION", "deep")
    monkeypatch.setenv("STREAMER_SCORE__WINDOW", "5")
    faults = faults_of(file, "checkpoints.keep=1", "telemetry.prot=80", "learner.hidden")
    assert {name: fault.origin for name, fault in faults.items()} == {
        "seed": file,
        "learner.hiden": file,
        "streams.limit": file,
        "learner.truncation": "STREAMER_LEARNER__TRUNCATION",
        "score.window": "STREAMER_SCORE__WINDOW",
        "checkpoints.keep": "--set",
        "telemetry.prot": "--set",
        "learner.hidden": "--set",
    }
    assert all(fault.problem and fault.remedy for fault in faults.values())


def test_the_nearest_name_is_offered_from_the_file(tmp_path: Path) -> None:
    faults = faults_of(written(tmp_path, "[learner]\nhiden = 3\n"))
    assert faults["learner.hiden"].remedy == "write learner.hidden"


def test_the_nearest_name_is_offered_for_a_group_of_the_file(tmp_path: Path) -> None:
    assert "write " in faults_of(written(tmp_path, "[telemetri]\nport = 3\n"))["telemetri"].remedy


@pytest.mark.parametrize(
    ("variable", "setting", "nearest"),
    [
        ("STREAMER_LEARNER__HIDEN", "learner.hiden", "learner.hidden"),
        ("STREAMER_LERNER__HIDDEN", "lerner.hidden", "learner.hidden"),
        ("STREAMER_SEEED", "seeed", "seed"),
    ],
)
def test_the_nearest_name_is_offered_for_the_environment(
    variable: str, setting: str, nearest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "3")
    [fault] = faults_of().values()
    assert (fault.setting, fault.remedy, fault.origin) == (setting, f"write {nearest}", variable)


def test_the_nearest_name_is_offered_for_set() -> None:
    assert faults_of(None, "learner.hiden=3")["learner.hiden"].remedy == "write learner.hidden"


def test_set_without_an_equals_sign_is_answered_with_an_example() -> None:
    assert "learner.hidden=32" in faults_of(None, "learner.hidden")["learner.hidden"].remedy


def test_a_file_that_is_not_toml_is_refused_with_the_line(tmp_path: Path) -> None:
    file = written(tmp_path, "seed = 1\nseed == 2\n")
    assert "line 2" in faults_of(file)[file].problem


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "streamer.toml"
    file.write_bytes(b'seed = "\xff\xfe"')
    assert "not TOML" in faults_of(str(file))[str(file)].problem


def test_a_missing_file_and_a_directory_are_refused_by_name(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.toml")
    assert "cannot be read" in faults_of(missing)[missing].problem
    assert "cannot be read" in faults_of(str(tmp_path))[str(tmp_path)].problem


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_number_that_is_not_finite_is_refused_from_every_source(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "learner.step_size" in faults_of(written(tmp_path, f"[learner]\nstep_size = {value}\n"))
    assert "learner.step_size" in faults_of(None, f"learner.step_size={value}")
    monkeypatch.setenv("STREAMER_LEARNER__STEP_SIZE", value)
    assert "learner.step_size" in faults_of()


def test_an_address_open_to_others_is_refused_from_every_source_unless_insecure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, '[transport]\nlisten = "tcp://0.0.0.0:15577"\n')
    assert "insecure" in str(faults_of(file))
    assert load(file, ["transport.insecure=true"]).settings.transport.listen == "tcp://0.0.0.0:15577"
    monkeypatch.setenv("STREAMER_TRANSPORT__LISTEN", "tcp://0.0.0.0:1")
    assert "insecure" in str(faults_of())


def test_feeds_may_be_given_in_every_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = "tcp://127.0.0.1:1", "tcp://127.0.0.1:2"
    file = tmp_path / "s.toml"
    file.write_text(f'[transport]\nsubscribe = ["{one}", "{two}"]\n')
    assert load(str(file)).settings.transport.subscribe == (one, two)
    assert load(None, [f"transport.subscribe={one}"]).settings.transport.subscribe == (one,)
    assert load(None, [f'transport.subscribe=["{two}"]']).settings.transport.subscribe == (two,)
    monkeypatch.setenv("STREAMER_TRANSPORT__SUBSCRIBE", f"{two},{one}")
    assert load(str(file)).settings.transport.subscribe == (two, one)


def test_other_programs_variables_are_none_of_our_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEED", "3")
    monkeypatch.setenv("STREAMERS_SEED", "4")
    assert load().settings.seed == 0


def test_a_group_cannot_be_set_as_a_whole_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("abc", '{"hidden": 4}'):
        monkeypatch.setenv("STREAMER_LEARNER", value)
        assert "STREAMER_LEARNER__NAME" in faults_of()["learner"].remedy


def test_a_variable_below_a_value_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMER_SEED__X", "3")
    assert faults_of()["seed.x"].origin == "STREAMER_SEED__X"


def test_a_lower_case_variable_counts_and_is_named_as_the_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("streamer_seed", "4")
    effective = load()
    assert (effective.settings.seed, effective.origins["seed"]) == (4, "streamer_seed")


def test_an_unknown_group_of_a_file_has_its_origin_and_the_group_that_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text("[lerner]\nhidden = 4\n")
    fault = faults_of(str(file))["lerner"]
    assert (fault.origin, fault.remedy) == (str(file), "write learner")


def test_every_fault_is_told_though_the_file_cannot_be_read_or_a_group_refuses_as_a_whole(tmp_path: Path) -> None:
    assert set(faults_of(str(tmp_path / "none.toml"), "seed=-1")) == {str(tmp_path / "none.toml"), "seed"}
    assert set(faults_of(None, "transport.listen=tcp://0.0.0.0:1", "transport.window=0")) == {
        "transport.listen",
        "transport.window",
    }
