from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import FLAGS, chromium


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    path = chromium()
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()
