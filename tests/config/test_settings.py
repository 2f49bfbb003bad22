import re

import pytest
from pydantic import BaseModel

from streamer.config.endpoint import is_loopback
from streamer.config.faults import setting_names
from streamer.config.loading import load
from streamer.config.settings import CheckpointsSettings, Settings, TransportSettings
from streamer.errors import SettingsError

OPEN_TO_OTHERS = [
    "tcp://0.0.0.0:15577",
    "tcp://*:15577",
    "tcp://192.168.1.5:15577",
    "tcp://[::]:15577",
    "tcp://example.org:15577",
    "tcp://localhost.example.org:15577",
    "tcp://127.0.0.1.example.org:15577",
]
PRIVATE = [
    "tcp://127.0.0.1:15577",
    "tcp://127.9.9.9:1",
    "tcp://localhost:15577",
    "tcp://[::1]:15577",
    "tcp://127.0.0.1:*",
    "ipc:///run/s",
]


def description(name: str) -> str:
    model: type[BaseModel] = Settings
    *groups, last = name.split(".")
    for group in groups:
        inner = model.model_fields[group].annotation
        assert isinstance(inner, type)
        assert issubclass(inner, BaseModel)
        model = inner
    return model.model_fields[last].description or ""


@pytest.mark.parametrize("name", list(setting_names(Settings)))
def test_every_setting_has_a_docstring_of_a_sentence_at_least(name: str) -> None:
    assert len(description(name)) > 20
    assert description(name).endswith(".")


@pytest.mark.parametrize("endpoint", PRIVATE)
def test_an_address_of_this_machine_needs_no_permission(endpoint: str) -> None:
    assert is_loopback(endpoint)
    assert TransportSettings(listen=endpoint).listen == endpoint


@pytest.mark.parametrize("endpoint", OPEN_TO_OTHERS)
def test_an_address_that_others_reach_is_refused_and_the_message_says_how_to_allow_it(endpoint: str) -> None:
    assert not is_loopback(endpoint)
    with pytest.raises(SettingsError) as caught:
        TransportSettings(listen=endpoint)
    assert endpoint in str(caught.value)
    assert "transport.insecure = true" in str(caught.value)


@pytest.mark.parametrize("endpoint", OPEN_TO_OTHERS)
def test_an_address_that_others_reach_is_taken_from_a_user_who_says_insecure(endpoint: str) -> None:
    assert TransportSettings(listen=endpoint, insecure=True).listen == endpoint


@pytest.mark.parametrize("endpoint", OPEN_TO_OTHERS)
def test_an_address_that_others_reach_is_taken_with_keys_and_without_them_the_message_says_how_to_make_some(
    endpoint: str,
) -> None:
    assert TransportSettings(listen=endpoint, key="k", allow="a").listen == endpoint
    with pytest.raises(SettingsError, match=r"streamer keys new.*transport\.key and transport\.allow"):
        TransportSettings(listen=endpoint)


@pytest.mark.parametrize(("given", "missing"), [("key", "transport.allow"), ("allow", "transport.key")])
def test_a_key_needs_a_list_and_a_list_a_key(given: str, missing: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(None, [f"transport.{given}=file"])
    assert [fault.setting for fault in caught.value.faults] == ["transport.allow"]
    assert missing in str(caught.value)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "127.0.0.1:15577",
        "http://127.0.0.1:15577",
        "tcp://",
        "ipc://",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:port",
    ],
)
def test_what_is_no_address_is_refused_with_an_example_of_one(endpoint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        TransportSettings(listen=endpoint, insecure=True)
    assert ":15577" in caught.value.faults[0].remedy


def test_the_default_settings_are_private() -> None:
    assert is_loopback(TransportSettings().listen)
    assert Settings.model_fields["telemetry"].default.host == "127.0.0.1"


def test_keeping_fewer_than_two_checkpoints_is_refused_for_the_newest_may_be_lost() -> None:
    with pytest.raises(SettingsError):
        CheckpointsSettings(keep=1)


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in PRIVATE if "*" not in endpoint])
def test_a_feed_of_this_machine_needs_no_permission(endpoint: str) -> None:
    assert TransportSettings(subscribe=[endpoint]).subscribe == (endpoint,)


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in OPEN_TO_OTHERS if "*" not in endpoint])
def test_a_feed_on_a_network_needs_the_same_permission_as_listening_to_it(endpoint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        TransportSettings(subscribe=["tcp://127.0.0.1:1", endpoint])
    assert endpoint in str(caught.value)
    assert "transport.insecure = true" in str(caught.value)
    assert TransportSettings(subscribe=[endpoint], insecure=True).subscribe == (endpoint,)


@pytest.mark.parametrize("endpoint", ["tcp://127.0.0.1:*", "tcp://*:5556", "127.0.0.1:5556", "tcp://127.0.0.1"])
@pytest.mark.parametrize("insecure", [False, True])
def test_a_feed_that_cannot_be_connected_to_is_refused_with_an_example(endpoint: str, insecure: bool) -> None:
    with pytest.raises(SettingsError) as caught:
        TransportSettings(subscribe=[endpoint], insecure=insecure)
    assert re.search(r":\d+$", caught.value.faults[0].remedy)


@pytest.mark.parametrize("subscribe", [5, [5], ["tcp://127.0.0.1:1"] * 2])
def test_feeds_are_a_list_of_different_addresses(subscribe: object) -> None:
    with pytest.raises(SettingsError):
        TransportSettings(subscribe=subscribe)


def test_feeds_may_be_given_as_one_text_with_commas_between_as_in_a_variable() -> None:
    text = "tcp://127.0.0.1:1, tcp://127.0.0.1:2"
    assert TransportSettings(subscribe=text).subscribe == tuple(text.split(", "))
    assert TransportSettings().subscribe == ()
