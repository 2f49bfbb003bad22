"""A disk that fails once, at an operation that a test chooses: by an error, or by the loss of power."""

from streamer.filesystem.memory import MemoryFileSystem

CHANGING = ("write", "append", "sync", "rename", "sync_directory", "remove")


class PowerFailureError(BaseException):
    """The machine is gone in the middle of an operation."""


class FlakyFileSystem(MemoryFileSystem):
    """`fuse` changing operations succeed; then one fails, leaving half of what it wrote, and the next ones succeed."""

    def __init__(self) -> None:
        super().__init__()
        self.fuse: int | None = None
        self.power = False

    def write(self, path: str, data: bytes) -> None:
        super().write(path, data[: len(data) // 2] if self.fuse == 0 else data)
        self._burn()

    def append(self, path: str, data: bytes) -> None:
        super().append(path, data[: len(data) // 2] if self.fuse == 0 else data)
        self._burn()

    def sync(self, path: str) -> None:
        self._burn()
        super().sync(path)

    def rename(self, source: str, target: str) -> None:
        self._burn()
        super().rename(source, target)

    def sync_directory(self, path: str) -> None:
        self._burn()
        super().sync_directory(path)

    def remove(self, path: str) -> None:
        self._burn()
        super().remove(path)

    def _burn(self) -> None:
        if self.fuse is None:
            return
        self.fuse -= 1
        if self.fuse < 0:
            self.fuse = None
            if self.power:
                raise PowerFailureError
            raise OSError(28, "No space left on device")
