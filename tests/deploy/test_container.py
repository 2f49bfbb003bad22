"""The image and the compose file: without faults that a tool can see, closed, and true to the rest of deploy/."""

import re
from typing import Any

import pytest
import yaml

from streamer.config.loading import load
from tests.deploy.tools import DEPLOY, ROOT, passes

CONTAINER = DEPLOY / "container"
CONTAINERFILE = (CONTAINER / "Containerfile").read_text()
LAST_STAGE = CONTAINERFILE[CONTAINERFILE.rindex("\nFROM ") :]
COMPOSE: dict[str, Any] = yaml.safe_load((CONTAINER / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("daemon", "producer")


def test_hadolint_finds_nothing() -> None:
    assert passes("hadolint", "--failure-threshold", "style", CONTAINER / "Containerfile") == ""


def test_it_is_built_in_stages_from_slim_bases_of_a_version() -> None:
    bases = re.findall(r"^FROM (\S+)", CONTAINERFILE, flags=re.MULTILINE)
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", base) for base in bases)


def test_everything_that_is_copied_in_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*)$", CONTAINERFILE, flags=re.MULTILINE)
    sources = [source for line in copied for source in line.split()[:-1]]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_it_runs_as_a_numbered_user_who_owns_what_is_written_to() -> None:
    assert re.search(r"^USER (\d+):\1$", LAST_STAGE, flags=re.MULTILINE)
    volumes = re.search(r"^VOLUME (.*)$", LAST_STAGE, flags=re.MULTILINE)
    made = re.search(r"^RUN install -d -m 0700 -o 10001 -g 10001 (.*)$", LAST_STAGE, flags=re.MULTILINE)
    assert volumes is not None
    assert made is not None
    assert yaml.safe_load(volumes[1]) == made[1].split()


def test_its_health_is_what_probe_says() -> None:
    assert 'CMD ["streamer", "probe"]' in LAST_STAGE


def test_compose_takes_the_file() -> None:
    passes("docker-compose", "-f", CONTAINER / "compose.yaml", "config", "--quiet")


@pytest.mark.parametrize("name", OURS)
def test_our_containers_cannot_write_to_their_root_nor_gain_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_every_port_is_for_this_machine_only_and_samples_have_a_network_of_their_own() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if "data" in service["networks"]] == list(OURS)


def test_every_image_has_a_version() -> None:
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    assert all(re.search(r":v?\d+\.\d+", image) for image in images)


def test_every_file_that_is_mounted_exists_and_every_volume_is_declared() -> None:
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", ())]
    files = [mount for mount in mounts if mount.startswith(".")]
    assert [file for file in files if not (CONTAINER / file).exists()] == []
    assert {mount for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])


def test_the_settings_shipped_are_settings_and_agree_with_producer_and_volumes() -> None:
    settings = load(str(CONTAINER / "streamer.toml")).settings
    assert settings.checkpoints.directory.startswith("/var/lib/streamer/")
    port = settings.transport.listen.rpartition(":")[2]
    assert f"tcp://daemon:{port}" in SERVICES["producer"]["command"]


def test_its_prometheus_is_the_one_of_deploy_but_for_the_address() -> None:
    own = yaml.safe_load((CONTAINER / "prometheus.yaml").read_text())
    shared = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())
    assert own["scrape_configs"][0]["static_configs"].pop()["targets"] == ["daemon:19377"]
    shared["scrape_configs"][0]["static_configs"].pop()
    assert own == shared
