"""A state that is made of named parts: exported and loaded as one."""

from collections.abc import Collection, Mapping
from typing import Protocol

from streamer.samples import Arrays


class Part(Protocol):
    """What has a state."""

    def export(self) -> Arrays:
        """The state as arrays."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...


def export_parts(parts: Mapping[str, Part]) -> Arrays:
    """All arrays, each behind its part's name and a dot."""
    return {f"{part}.{name}": array for part, state in parts.items() for name, array in state.export().items()}


def load_parts(parts: Mapping[str, Part], arrays: Arrays, *, may_lack: Collection[str] = ()) -> None:
    """The inverse of `export_parts`. A part that may be lacking, and is, stays as it was made: it begins now."""
    for part, state in parts.items():
        prefix = f"{part}."
        own = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
        if own or part not in may_lack:
            state.load(own)
