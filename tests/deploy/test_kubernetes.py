"""What kustomize makes of the manifests is valid, closed, and of one piece."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from streamer.config.loading import load
from streamer.errors import SettingsError
from tests.deploy.tools import DEPLOY, passes

KUBERNETES = DEPLOY / "kubernetes"
OLDEST, NEWEST = "1.27", "1.37"


def manifest(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((KUBERNETES / name).read_text())
    return found


STATEFUL_SET = manifest("base/statefulset.yaml")
POD = STATEFUL_SET["spec"]["template"]
CONTAINER = POD["spec"]["containers"][0]
SETTINGS = KUBERNETES / "base" / "streamer.toml"


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_every_object_is_valid(version: str, tmp_path: Path) -> None:
    rendered = tmp_path / "all.yaml"
    rendered.write_text(passes("kubectl", "kustomize", KUBERNETES / "base"))
    said = passes("kubernetes-validate", "--strict", "-k", version, rendered)
    passed = re.findall(r"passed for resource (\w+)/", said)
    assert sorted(passed) == [
        "configmap", "namespace", "networkpolicy", "poddisruptionbudget", "service", "statefulset",
    ]  # fmt: skip
    assert re.findall(r"Couldn't find schema for kind (\w+)", said) == ["PodMonitor"]  # the operator's; see below


def test_the_pod_monitor_finds_the_pod_and_its_port_and_names_the_job_as_the_rules_have_it() -> None:
    monitor = manifest("base/podmonitor.yaml")
    labels = POD["metadata"]["labels"]
    assert monitor["apiVersion"] == "monitoring.coreos.com/v1"
    assert set(monitor["spec"]) == {"jobLabel", "selector", "podMetricsEndpoints"}
    assert monitor["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert labels[monitor["spec"]["jobLabel"]] == "streamer"
    assert monitor["spec"]["podMetricsEndpoints"] == [{"port": "http", "path": "/metrics", "interval": "15s"}]
    assert "http" in [port["name"] for port in CONTAINER["ports"]]


@pytest.mark.parametrize("name", ["service", "networkpolicy", "poddisruptionbudget"])
def test_every_selector_is_that_of_the_pod(name: str) -> None:
    spec = manifest(f"base/{name}.yaml")["spec"]
    selector = spec.get("podSelector") or spec["selector"]
    assert selector.get("matchLabels", selector) == POD["metadata"]["labels"]


def test_the_pod_is_as_restricted_as_its_namespace_asks() -> None:
    pod, container = POD["spec"]["securityContext"], CONTAINER["securityContext"]
    labels = manifest("base/namespace.yaml")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert pod["runAsNonRoot"]
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_user_and_the_directories_are_those_of_the_image() -> None:
    containerfile = (DEPLOY / "container" / "Containerfile").read_text()
    user = POD["spec"]["securityContext"]["runAsUser"]
    volumes = re.search(r"^VOLUME (.*)$", containerfile, flags=re.MULTILINE)
    assert f"\nUSER {user}:{user}\n" in containerfile
    assert volumes is not None
    assert set(yaml.safe_load(volumes[1])) <= {mount["mountPath"] for mount in CONTAINER["volumeMounts"]}


def test_the_variables_that_kubernetes_sets_for_a_service_are_no_settings_and_are_switched_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STREAMER_PORT", "tcp://10.0.0.1:15577")
    with pytest.raises(SettingsError):
        load()
    assert POD["spec"]["enableServiceLinks"] is False


def test_the_settings_shipped_are_settings_and_agree_with_ports_and_mounts(tmp_path: Path) -> None:
    mounts = {mount["name"]: mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    ports = {port["name"]: port["containerPort"] for port in CONTAINER["ports"]}
    text = SETTINGS.read_text()
    assert mounts["keys"] in text
    (tmp_path / "streamer.key").write_text("streamer-secret-key " + "0" * 40 + "\n")
    (tmp_path / "streamer.key").chmod(0o400)
    (tmp_path / "allowed.keys").write_text("")
    (tmp_path / "streamer.toml").write_text(text.replace(mounts["keys"], str(tmp_path)))
    settings = load(str(tmp_path / "streamer.toml")).settings
    assert settings.transport.listen == f"tcp://0.0.0.0:{ports['data']}"
    assert settings.telemetry.port == ports["http"]
    assert settings.checkpoints.directory.startswith(mounts["checkpoints"] + "/")
    assert CONTAINER["args"] == ["run", "--config", f"{mounts['config']}/streamer.toml"]
