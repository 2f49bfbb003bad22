"""Remembers what a crash might leave of a file system after each of its operations.

By the rules of POSIX, not of one kind of disk: until a file is synced, each of its contents since then may be what is
left, whole or torn; until a directory is synced, each of its names may, independently of the others, be as it was at
any moment since then. What an operation has done is seen by comparing, so that any kind of operation is understood.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from streamer.filesystem.memory import MemoryFileSystem


@dataclass(frozen=True, slots=True)
class Content:
    """What a file contained, and how many bytes of that no crash can take: what was synced and only added to since."""

    data: bytes
    kept: int


@dataclass(frozen=True, slots=True)
class Moment:
    """After one operation: what each name may stand for (None: nothing), and what each file may contain."""

    operation: str
    directories: frozenset[str]
    names: dict[str, tuple[int | None, ...]]
    """Path → the files that may have this name, the durable one first."""
    contents: dict[int, tuple[Content, ...]]
    """File → its contents since it was synced, the durable one first, the last one last."""
    promised: Any
    """What the program had promised by then."""


class Recorder:
    """A file system in memory that records. `moments` grows with each operation that changes something."""

    def __init__(self, root: str, files: MemoryFileSystem | None = None, promised: Any = None) -> None:
        """`root` is the directory that is looked at; `files` is what is there at first, and all of it is durable."""
        self.files = files or MemoryFileSystem()
        self._root = root
        self.moments: list[Moment] = []
        self._promised = promised
        self._directories: set[str] = set()
        self._names: dict[str, list[int | None]] = {}
        self._contents: dict[int, list[Content]] = {}
        self._walk(root)
        for number, (path, data) in enumerate(self._visible().items()):
            self._names[path], self._contents[number] = [number], [Content(data, len(data))]
        self._note("start")

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def run(path: str, *rest: Any) -> Any:
            result = getattr(self.files, operation)(path, *rest)
            self._after(operation, path, *rest)
            return result

        return run

    def promise(self, what: Any) -> None:
        """From now on a crash must leave this."""
        self._promised = what
        self._note("promise")

    def _after(self, operation: str, path: str, *rest: Any) -> None:
        before = self._size()
        self._walk(self._root)
        if operation == "rename":
            self._rename(path, rest[0])
        self._compare(anew=operation == "write")
        if operation == "sync":
            data = self._contents[self._now(path)][-1].data
            self._contents[self._now(path)] = [Content(data, len(data))]
        if operation == "sync_directory":
            self._sync_names(path)
        if self._size() != before:
            self._note(operation)

    def _size(self) -> tuple[int, int, int]:
        """Changes with everything that is recorded: each operation adds a possibility, each sync takes some away."""
        possible = sum(map(len, self._names.values())), sum(map(len, self._contents.values()))
        return len(self._directories), *possible

    def _now(self, path: str) -> int:
        file = self._names[path][-1]
        assert file is not None
        return file

    def _rename(self, source: str, target: str) -> None:
        file = self._now(source)
        self._names[source].append(None)
        self._names.setdefault(target, [None]).append(file)

    def _compare(self, *, anew: bool) -> None:
        """Find what is different now; `anew` if a content was written from its beginning, whatever it looks like."""
        visible = self._visible()
        for path, data in visible.items():
            if path not in self._names or self._names[path][-1] is None:
                file = len(self._contents)
                self._contents[file] = [Content(b"", 0)]
                self._names.setdefault(path, [None]).append(file)
            before = self._contents[self._now(path)][-1]
            if before.data != data:
                kept = 0 if anew else _untouched(before, data)
                self._contents[self._now(path)].append(Content(data, kept))
        for path, files in self._names.items():
            if path not in visible and files[-1] is not None:
                files.append(None)

    def _sync_names(self, directory: str) -> None:
        for path in [path for path in self._names if path.rpartition("/")[0] == directory]:
            self._names[path] = self._names[path][-1:]
            if self._names[path] == [None]:
                del self._names[path]

    def _note(self, operation: str) -> None:
        names = {path: tuple(files) for path, files in self._names.items()}
        contents = {file: tuple(data) for file, data in self._contents.items()}
        self.moments.append(Moment(operation, frozenset(self._directories), names, contents, self._promised))

    def _visible(self) -> dict[str, bytes]:
        paths = [f"{directory}/{name}" for directory in self._directories for name in self.files.names(directory)]
        return {path: self.files.read(path) for path in sorted(paths) if path not in self._directories}

    def _walk(self, directory: str) -> None:
        """Find the directories that there are now."""
        try:
            names = self.files.names(directory)
        except OSError:
            return
        self._directories.add(directory)
        for name in names:
            self._walk(f"{directory}/{name}")


def _untouched(before: Content, data: bytes) -> int:
    """How many of the bytes that were safe are safe still, where a file was added to or cut short.

    >>> _untouched(Content(b"abc", 2), b"abcd"), _untouched(Content(b"abc", 2), b"a")
    (2, 1)
    """
    kept = min(before.kept, len(data))
    return kept if data[:kept] == before.data[:kept] else 0
