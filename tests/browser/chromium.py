"""A real browser without a window, and what a test wants to know of a page in it."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SCREENSHOTS = Path(__file__).parents[2] / ".screenshots"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]
WIDE, NARROW = (1200, 900), (360, 740)
PATIENCE_SECONDS = 30.0


def chromium() -> str:
    """The system's browser; skips the test where there is none, unless it is required."""
    found = shutil.which("chromium")
    if found is None:
        assert os.environ.get("BROWSER") != "required", "chromium is not installed"
        pytest.skip("chromium is not installed (on Debian: apt-get install chromium)")
    return found


@dataclass
class Page:
    """A page, and what went wrong in it."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    loaded: int = 0
    """Bytes from the network, headers included."""

    def opened(self, url: str) -> None:
        """Open an address, and wait for the pictures."""
        self.page.goto(url)
        self.until("document.documentElement.classList.contains('scripted')")

    def drawn(self) -> None:
        """Wait until the pictures are there."""
        self.until("document.querySelector('#readout').value !== '' && document.querySelectorAll('.uplot').length >= 6")

    def until(self, condition: str) -> None:
        """Wait until a condition holds in the page."""
        # Not wait_for_function: it evaluates in the page, whose policy forbids that.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.page.evaluate(condition):
            assert time.monotonic() < deadline, f"never: {condition}"
            self.page.wait_for_timeout(20)

    def text(self, selector: str) -> str:
        """What one reads there."""
        return str(self.page.inner_text(selector))

    def colours(self, selector: str) -> int:
        """How many colours a canvas has."""
        script = """canvas => {
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
        return int(self.page.eval_on_selector(selector, script))

    def screenshot(self, name: str) -> None:
        """Leave a picture of the whole page."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@contextmanager
def paged(browser: Any, size: tuple[int, int] = WIDE, scheme: str = "light", *, scripts: bool = True) -> Iterator[Page]:
    """A fresh page in a browser, watched."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        java_script_enabled=scripts,
        device_scale_factor=2 if size == NARROW else 1,
    )
    page = Page(context.new_page())
    page.page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    network = context.new_cdp_session(page.page)
    network.send("Network.enable")

    def loaded(event: Any) -> None:
        page.loaded += int(event["encodedDataLength"])

    network.on("Network.loadingFinished", loaded)
    try:
        yield page
    finally:
        context.close()
