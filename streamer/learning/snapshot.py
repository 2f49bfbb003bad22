"""A learner's whole state as a value: named arrays, equal for all engines, and their hash.

The hash is over names, shapes and numbers, so that it does not depend on a file format or on where the state lives.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from streamer.samples import Arrays

VERSION = 1
"""Of the names and meanings of the arrays. Grows when a snapshot of before can no longer be understood."""


class HasStructure(Protocol):
    """Settings, of which some fix the shape of the arrays."""

    def structure(self) -> dict[str, Any]:
        """Those, by name."""
        ...


Structured = TypeVar("Structured", bound=HasStructure, covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot(Generic[Structured]):
    """Settings and arrays; enough to go on exactly where the learner was."""

    settings: Structured
    arrays: Arrays
    """parameters.*, initial.* (with anchoring), optimiser.*, memory.*, window.*, gradient.* (rtrl), schedule.*
    (annealed), counts.*"""
    version: int = VERSION


def part(arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> Arrays:
    """The arrays whose names begin with a prefix and a dot, without it.

    >>> part({"counts.samples": np.array(3), "window.hidden": np.zeros(2)}, "counts")
    {'samples': array(3)}
    """
    head = f"{prefix}."
    return {name.removeprefix(head): array for name, array in arrays.items() if name.startswith(head)}


def hash_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """SHA-256, in hex, of every name, type, shape and number, in the order of the names.

    >>> hash_arrays({"a": np.zeros(2)}) == hash_arrays({"a": np.zeros((2, 1))})
    False
    """
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        digest.update(json.dumps([name, little.dtype.str, list(array.shape)]).encode())
        digest.update(little.tobytes())
    return digest.hexdigest()
