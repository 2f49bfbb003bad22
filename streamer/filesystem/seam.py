"""The file operations that durability is built from, each one a point at which a machine may die."""

from typing import Protocol


class FileSystem(Protocol):
    """Paths are strings with `/`. Every method may raise OSError; nothing is durable before it is synced."""

    def make_directory(self, path: str) -> None:
        """Create a directory and its parents, durable when it returns; no error if it is there."""
        ...

    def names(self, directory: str) -> list[str]:
        """The names in a directory, sorted; FileNotFoundError if there is none."""
        ...

    def read(self, path: str) -> bytes:
        """A file's whole content."""
        ...

    def write(self, path: str, data: bytes) -> None:
        """Create or replace a file's content, not yet durable."""
        ...

    def append(self, path: str, data: bytes) -> None:
        """Add to the end of a file that is there, not yet durable; after an error any beginning of it may be there."""
        ...

    def size(self, path: str) -> int:
        """Bytes in a file."""
        ...

    def sync(self, path: str) -> None:
        """Return when the file's content would survive a loss of power."""
        ...

    def rename(self, source: str, target: str) -> None:
        """Give a file another name in one step, replacing what had it; or a directory one that nothing has."""
        ...

    def sync_directory(self, path: str) -> None:
        """Return when the names in a directory would survive a loss of power."""
        ...

    def lock(self, path: str) -> None:
        """Hold a file, made if need be, as long as this object lives; BlockingIOError if another one holds it."""
        ...

    def remove(self, path: str) -> None:
        """Delete a file."""
        ...
