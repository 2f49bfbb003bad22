"""The start of a process is measured in fresh processes, without kernels and with those that the first one left."""

import os
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from streamer.bench import start
from streamer.bench.start import start_seconds


def test_the_first_process_of_a_cache_is_the_cold_one_the_second_the_warm_one(monkeypatch: pytest.MonkeyPatch) -> None:
    times, caches = iter([3.0, 0.3, 5.0, 0.1, 4.0, 0.2]), []

    def first_step(cache: str) -> float:
        caches.append((cache, os.listdir(cache)))
        Path(cache, "kernel").touch()
        return next(times)

    monkeypatch.setattr(start, "_first_step", first_step)
    assert start_seconds(3) == {"cold_seconds": 4.0, "warm_seconds": 0.2}
    assert [left for _, left in caches] == [[], ["kernel"]] * 3
    assert len({cache for cache, _ in caches}) == 3
    assert not any(Path(cache).exists() for cache, _ in caches)


def test_a_fresh_process_takes_its_first_step(monkeypatch: pytest.MonkeyPatch) -> None:
    kernels = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # compiling anew takes seconds

    def known(*, prefix: str) -> AbstractContextManager[str]:
        return nullcontext(kernels)

    monkeypatch.setattr(tempfile, "TemporaryDirectory", known)
    assert all(seconds > 0 for seconds in start_seconds(1).values())
