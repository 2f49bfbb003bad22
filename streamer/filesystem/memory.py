"""A file system in memory that forgets, on `crash()`, exactly what was not synced."""

import random
from dataclasses import dataclass


@dataclass(slots=True)
class _File:
    data: bytes = b""
    synced: bytes = b""
    kept: int = 0
    """Bytes at the beginning of `data` that are durable there: appending does not touch them, writing anew does."""


class MemoryFileSystem:
    """Content is durable after `sync`, a name (new, renamed or removed) after `sync_directory`.

    >>> files = MemoryFileSystem()
    >>> files.make_directory("d")
    >>> files.write("d/a", b"1"); files.sync("d/a"); files.sync_directory("d")
    >>> files.write("d/a", b"2"); files.crash(); files.read("d/a")
    b'1'
    """

    def __init__(self) -> None:
        self._directories = {""}
        self._files: dict[str, _File] = {}
        self._durable: dict[str, _File] = {}
        self._moves: list[tuple[str, str]] = []
        """Directories renamed, source and target, and not synced."""

    def make_directory(self, path: str) -> None:
        """Create a directory and its parents, durable at once."""
        parts = path.split("/")
        parents = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        for parent in parents:
            if parent in self._files:
                raise FileExistsError(17, "a file has this name", parent)
        self._directories.update(parents)

    def names(self, directory: str) -> list[str]:
        """The names of the files and directories directly inside."""
        self._check_directory(directory)
        prefix = f"{directory}/"
        inside = [path for path in (*self._files, *self._directories) if path.startswith(prefix)]
        return sorted({path[len(prefix) :].split("/")[0] for path in inside})

    def read(self, path: str) -> bytes:
        """A file's whole content."""
        return self._file(path).data

    def write(self, path: str, data: bytes) -> None:
        """Replace a file's content."""
        self._check_directory(_parent(path))
        if path in self._directories:
            raise IsADirectoryError(21, "a directory has this name", path)
        file = self._files.setdefault(path, _File())
        file.data, file.kept = bytes(data), 0

    def append(self, path: str, data: bytes) -> None:
        """Add to the end of a file that is there."""
        self._file(path).data += bytes(data)

    def size(self, path: str) -> int:
        """Bytes in a file."""
        return len(self._file(path).data)

    def sync(self, path: str) -> None:
        """Make the content durable."""
        file = self._file(path)
        file.synced, file.kept = file.data, len(file.data)

    def rename(self, source: str, target: str) -> None:
        """Rename, replacing the target; a directory goes with all that is in it, wholly or not at all."""
        self._check_directory(_parent(target))
        if source in self._directories:
            self._move(source, target)
            self._moves.append((source, target))
            return
        file = self._file(source)
        del self._files[source]
        self._files[target] = file

    def sync_directory(self, path: str) -> None:
        """Make the names of the files directly inside durable."""
        self._check_directory(path)
        for source, target in [move for move in self._moves if _parent(move[1]) == path]:
            self._moves.remove((source, target))
            self._durable = _moved(self._durable, source, target)
        for name in [name for name in self._durable if _parent(name) == path]:
            del self._durable[name]
        self._durable.update({name: file for name, file in self._files.items() if _parent(name) == path})

    def lock(self, path: str) -> None:
        """Nobody else can hold it: the memory is this object's own."""
        self._check_directory(_parent(path))

    def remove(self, path: str) -> None:
        """Delete a file."""
        self._file(path)
        del self._files[path]

    def crash(self, luck: random.Random | None = None) -> None:
        """Lose power: only durable names with their durable content are left.

        With `luck`, what was not synced may be there all the same, in part: any name, and any beginning of what was
        written, perhaps with a hole of zeros where the disk had not got to.
        """
        for source, target in reversed(self._moves):
            if luck is not None and luck.random() < 0.5:
                self._durable = _moved(self._durable, source, target)
            else:
                self._move(target, source)
        self._moves.clear()
        names = dict(self._durable)
        for path in sorted(self._files.keys() | self._durable.keys()):
            if luck is not None and luck.random() < 0.5:
                names.pop(path, None)
                names |= {path: self._files[path]} if path in self._files else {}
        contents = {path: _left(file, luck) for path, file in names.items()}
        self._files = {path: _File(data, data, len(data)) for path, data in contents.items()}
        self._durable = dict(self._files)

    def _move(self, source: str, target: str) -> None:
        if target in self._directories or target in self._files:
            raise OSError(39, "Directory not empty", target)
        self._directories = {_renamed(path, source, target) for path in self._directories}
        self._files = _moved(self._files, source, target)

    def _check_directory(self, path: str) -> None:
        if path in self._files:
            raise NotADirectoryError(20, "not a directory", path)
        if path not in self._directories:
            raise FileNotFoundError(2, "no such directory", path)

    def _file(self, path: str) -> _File:
        if path not in self._files:
            raise FileNotFoundError(2, "no such file", path)
        return self._files[path]


def _renamed(path: str, source: str, target: str) -> str:
    return target + path[len(source) :] if path == source or path.startswith(f"{source}/") else path


def _moved(files: dict[str, _File], source: str, target: str) -> dict[str, _File]:
    return {_renamed(path, source, target): file for path, file in files.items()}


def _left(file: _File, luck: random.Random | None) -> bytes:
    if luck is None or file.data == file.synced or luck.random() < 0.5:
        return file.synced
    end = luck.randrange(file.kept, len(file.data) + 1)
    hole = luck.randrange(file.kept, end + 1) if luck.random() < 0.25 else end
    rest = luck.randrange(hole, end + 1)
    return file.data[:hole] + bytes(rest - hole) + file.data[rest:end]


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
