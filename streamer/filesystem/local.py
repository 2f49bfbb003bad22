"""The machine's file system."""

import fcntl
import os


class LocalFileSystem:
    """Plain calls to the operating system. Files are readable by their owner only: weights may hold private data."""

    def __init__(self) -> None:
        self._locks: list[int] = []

    def __del__(self) -> None:
        self.release()

    def release(self) -> None:
        """Let go of all locks now. An error that is kept somewhere may keep this object alive long after its use."""
        while self._locks:
            os.close(self._locks.pop())

    def make_directory(self, path: str) -> None:
        """Create a directory, its parents too, mode 0700, each name synced."""
        if os.path.isdir(path):
            return
        parent = os.path.dirname(path) or "."
        self.make_directory(parent)
        os.mkdir(path, 0o700)
        self.sync_directory(parent)

    def names(self, directory: str) -> list[str]:
        """The names in a directory, sorted."""
        return sorted(os.listdir(directory))

    def read(self, path: str) -> bytes:
        """A file's whole content."""
        with open(path, "rb") as file:
            return file.read()

    def write(self, path: str, data: bytes) -> None:
        """Create or replace a file's content, mode 0600."""
        with open(path, "wb", opener=_private) as file:
            file.write(data)

    def append(self, path: str, data: bytes) -> None:
        """Write at a file's end."""
        with open(path, "ab", opener=_existing) as file:
            file.write(data)

    def size(self, path: str) -> int:
        """Bytes in a file."""
        return os.stat(path).st_size

    def sync(self, path: str) -> None:
        """Fsync a file."""
        _fsync(path, os.O_RDONLY)

    def rename(self, source: str, target: str) -> None:
        """Rename, replacing the target, which for a directory must not be there or be empty."""
        os.replace(source, target)

    def sync_directory(self, path: str) -> None:
        """Fsync a directory."""
        _fsync(path, os.O_RDONLY | os.O_DIRECTORY)

    def lock(self, path: str) -> None:
        """Flock a file; the operating system lets go of it with the process, however that ends."""
        descriptor = _private(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
        self._locks.append(descriptor)

    def remove(self, path: str) -> None:
        """Delete a file."""
        os.unlink(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _existing(path: str, flags: int) -> int:
    return os.open(path, flags & ~os.O_CREAT)


def _fsync(path: str, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
