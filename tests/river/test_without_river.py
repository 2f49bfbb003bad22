"""Without River its estimators cannot be had, and the error says how to get them."""

import sys

import pytest

from streamer.errors import UnavailableError


def test_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name == "streamer.river" or name.startswith("streamer.river.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name == "river" or name.startswith("river.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "river", None)
    with pytest.raises(UnavailableError, match=r"River is not installed; do this: .*streamer\[river\]"):
        import streamer.river  # noqa: F401
