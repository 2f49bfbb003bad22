"""A newcomer's first minute."""

import json
import signal
import subprocess

import pytest

from tests.end_to_end.processes import Program, ended

pytestmark = pytest.mark.timeout(300)


def test_the_demo_learns_the_puzzle_and_says_so_in_one_json_object() -> None:
    demo = Program("demo", "--samples", "1500", "--json")
    with ended(demo):
        code, output, errors = demo.finish()
    assert code == 0, errors
    facts = json.loads(output.splitlines()[-1])
    assert facts["samples"] == 1500
    assert facts["accuracy"] >= 0.999
    assert 0.6 < facts["baseline_accuracy"] < 0.85
    assert facts["solved_at"] <= 400
    assert len(facts["state_hash"]) == 64
    assert facts["engine"] in ("reference", "fused")
    assert facts["seconds"] > 0
    assert facts["samples_per_second"] > 0


def test_ctrl_c_ends_both_processes_cleanly() -> None:
    demo = Program("demo", "--set", "learner.hidden=4")
    with ended(demo):
        assert demo.process.stdout is not None
        while "right" not in demo.process.stdout.readline():
            pass
        children = subprocess.run(["ps", "--ppid", str(demo.process.pid), "-o", "pid="], capture_output=True, text=True)
        code, output, errors = demo.end(signal.SIGINT)
    assert code == 0, errors
    assert "stopped cleanly" in output
    pids = children.stdout.split()
    assert len(pids) >= 2
    alive = subprocess.run(["ps", "-o", "pid=", *(word for pid in pids for word in ("-p", pid))], capture_output=True)
    assert not alive.stdout.strip()


def test_a_wrong_setting_of_the_demo_is_told_in_words() -> None:
    demo = Program("demo", "--samples", "10", "--set", "learner.hiden=4")
    code, _, errors = demo.finish()
    assert code == 2
    assert "write learner.hidden" in errors
    assert "Traceback" not in errors
