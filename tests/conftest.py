import time
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("streamer", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("streamer")

SCREENSHOTS = Path(__file__).parents[1] / ".screenshots"
BEGUN = time.time()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where this run has left pictures of the page."""
    new = [picture for picture in SCREENSHOTS.glob("*.png") if picture.stat().st_mtime >= BEGUN]
    if new:
        terminalreporter.write_line(f"{len(new)} screenshots of the live page: {SCREENSHOTS}")
