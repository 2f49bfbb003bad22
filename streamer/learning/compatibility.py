"""Whether a snapshot fits a learner; if not, what differs."""

from typing import Any

import numpy as np
import numpy.typing as npt

from streamer.errors import IncompatibleError
from streamer.learning.snapshot import VERSION, Snapshot
from streamer.samples import Arrays

_GROWING = ("window.inputs", "window.records")
"""Arrays with a row for each past step of the window, which grow until it is full."""


def check_structure(snapshot: Snapshot[Any], structure: dict[str, Any]) -> None:
    """Raise IncompatibleError unless the snapshot is of this version and structure."""
    _check_version(snapshot.version)
    _check_settings(snapshot.settings.structure(), structure)


def check_arrays(arrays: Arrays, ours: Arrays, truncation: int) -> None:
    """Raise IncompatibleError unless the arrays have the names and forms of ours, which a learner exported."""
    check_forms(arrays, ours)
    _check_window(arrays, truncation)


def _check_version(version: int) -> None:
    if version != VERSION:
        raise IncompatibleError(
            "the snapshot is of another version of the learner",
            got=f"version {version}",
            expected=f"version {VERSION}",
            remedy="use the program that made it, or start anew in another directory",
        )


def _check_settings(theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    different = [f"{name} {theirs[name]} (here {ours[name]})" for name in ours if theirs[name] != ours[name]]
    if different:
        raise IncompatibleError(
            "the snapshot was made with other settings",
            got=", ".join(different),
            expected="equal structural settings",
            remedy="set them as they were, or start anew in another directory",
        )


def check_forms(theirs: Arrays, ours: Arrays) -> None:
    """Raise IncompatibleError unless they have the names, types and shapes of ours."""
    for name in sorted(theirs.keys() | ours.keys()):
        wanted, got = _form(name, ours.get(name)), _form(name, theirs.get(name))
        if wanted != got:
            raise IncompatibleError(f"the snapshot's array {name} does not fit", got=got, expected=wanted)


def _form(name: str, array: npt.NDArray[Any] | None) -> str:
    """Type and shape, for comparing and for people."""
    if array is None:
        return "none"
    shape = array.shape[1:] if name in _GROWING else array.shape
    return f"{np.dtype(array.dtype).name} {'(n, …) of ' if name in _GROWING else ''}{shape}"


def _check_window(arrays: Arrays, truncation: int) -> None:
    length = min(int(arrays["counts.samples"]), truncation - 1)
    for name in _GROWING:
        if name in arrays and len(arrays[name]) != length:
            raise IncompatibleError(
                f"the snapshot's array {name} does not fit",
                got=f"{len(arrays[name])} rows",
                expected=f"{length}, after {int(arrays['counts.samples'])} samples",
            )
