import resource

import pytest

from streamer.app.descriptors import ENOUGH, raise_descriptor_limit

UNLIMITED = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((1024, 4096), (4096, 4096)),
        ((1024, 10**6), (ENOUGH, 10**6)),
        ((1024, UNLIMITED), (ENOUGH, UNLIMITED)),
        ((4096, 4096), None),
        ((ENOUGH + 1, 10**6), None),
        ((UNLIMITED, UNLIMITED), None),
    ],
)
def test_the_limit_is_raised_to_what_is_granted_or_enough_and_never_lowered(
    monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int], expected: tuple[int, int] | None
) -> None:
    found: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda which, wanted: found.append(wanted))
    raise_descriptor_limit()
    assert found == ([] if expected is None else [expected])


def test_a_system_that_does_not_let_it_be_raised_is_lived_with(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(which: int, wanted: tuple[int, int]) -> None:
        raise ValueError("not permitted")

    monkeypatch.setattr(resource, "getrlimit", lambda which: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    raise_descriptor_limit()
