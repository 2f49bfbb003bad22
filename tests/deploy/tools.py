"""What checks deploy/: tools. Without one its tests are skipped; with DEPLOY_TOOLS=required, as in CI, they fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def tool(name: str) -> str:
    """The path of a tool, beside this Python or on the PATH. Without it the test is skipped, or fails, as above."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin"])
    if found := shutil.which(name, path=path):
        return found
    if os.environ.get("DEPLOY_TOOLS") == "required":
        pytest.fail(f"{name} is not installed, and DEPLOY_TOOLS=required; .ci/run says how to install it")
    pytest.skip(f"{name} is not installed; .ci/run says how to install it")


def passes(name: str, *arguments: str | Path, said: bytes | None = None) -> str:
    """Run a tool that must be content; what it printed, its errors first."""
    done = subprocess.run([tool(name), *map(str, arguments)], input=said, capture_output=True, timeout=50)
    output = (done.stderr + done.stdout).decode()
    assert done.returncode == 0, output
    return output
