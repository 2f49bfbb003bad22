import socket
from pathlib import Path

import pytest

from streamer.app.doctor.addresses import look_at_endpoint, look_at_port


def test_a_port_that_somebody_has_is_a_problem_and_a_free_one_is_not() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        found = [look_at_port("127.0.0.1", port), look_at_endpoint(f"tcp://127.0.0.1:{port}")]
    assert [finding.level for finding in found] == ["problem", "problem"]
    assert all("another" in finding.remedy for finding in found)
    assert look_at_port("127.0.0.1", port).level == "ok"


@pytest.mark.parametrize("endpoint", ["tcp://127.0.0.1:*", "tcp://*:*", "tcp://[::1]:*"])
def test_any_port_is_free(endpoint: str) -> None:
    assert look_at_endpoint(endpoint).level == "ok" or "::1" in endpoint  # a machine may have no IPv6


def test_an_address_of_no_machine_is_a_problem() -> None:
    finding = look_at_port("no-such-host.invalid", 80)
    assert (finding.level, "machine" in finding.remedy) == ("problem", True)


def test_a_socket_is_free_until_somebody_listens_and_wants_its_directory(tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/s"
    assert look_at_endpoint(endpoint).level == "ok"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(f"{tmp_path}/s")
        other.listen()
        assert look_at_endpoint(endpoint).level == "problem"
    assert look_at_endpoint(endpoint).level == "ok"  # what a dead daemon left is in nobody's way
    assert look_at_endpoint(f"ipc://{tmp_path}/no/s").level == "problem"
