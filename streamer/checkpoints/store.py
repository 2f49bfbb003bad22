"""Checkpoints in a directory, one folder a stream, the newest few kept.

A checkpoint is written under a temporary name, synced, renamed, and the folder synced: at every moment there is a
whole one, and after `save` returns it survives a loss of power. Only then may anything be acknowledged.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.format import dump, parse
from streamer.errors import CorruptError, UnavailableError
from streamer.filesystem.seam import FileSystem

_SUFFIX = ".ckpt"
_TEMPORARY = ".writing"


@dataclass(frozen=True, slots=True)
class Found:
    """What a stream's folder holds: its valid checkpoints, newest first, and what was wrong with the others."""

    stream: str
    valid: tuple[Checkpoint, ...]
    damaged: dict[str, CorruptError]


class CheckpointStore:
    """The directory of one daemon's checkpoints."""

    def __init__(self, files: FileSystem, directory: str, *, keep: int) -> None:
        self._files = files
        self._directory = directory.rstrip("/")
        self._keep = keep

    def prepare(self) -> None:
        """Make the directory and prove that it can be written; UnavailableError says why not."""
        probe = f"{self._directory}/{_TEMPORARY}"
        try:
            self._files.make_directory(self._directory)
            self._files.write(probe, b"")
            self._files.remove(probe)
        except OSError as error:
            raise UnavailableError(
                "checkpoints cannot be written",
                got=f"{self._directory} ({error.strerror})",
                expected="a directory that this user may write",
                remedy="mend its permissions, or set checkpoints.directory to another",
            ) from None

    def save(self, checkpoint: Checkpoint) -> None:
        """Write durably, then drop the oldest beyond `keep`; OSError if the disk will not have it."""
        folder = f"{self._directory}/{checkpoint.stream}"
        path = f"{folder}/{checkpoint.serial:012d}{_SUFFIX}"
        self._files.make_directory(folder)
        self._files.write(path + _TEMPORARY, dump(checkpoint))
        self._files.sync(path + _TEMPORARY)
        self._files.rename(path + _TEMPORARY, path)
        self._files.sync_directory(folder)
        with suppress(OSError):  # the new one is safe whether or not an old one goes; the next save tries again
            self._prune(folder)

    def find_all(self) -> Iterator[Found]:
        """Each stream's checkpoints, read and verified."""
        for stream in self._files.names(self._directory):
            try:
                yield self.find(stream)
            except NotADirectoryError:
                continue  # a file that someone has put beside the folders

    def find(self, stream: str) -> Found:
        """One stream's checkpoints, read and verified."""
        folder = f"{self._directory}/{stream}"
        valid: list[Checkpoint] = []
        damaged: dict[str, CorruptError] = {}
        for name in reversed(self._checkpoints(folder)):
            try:
                valid.append(self._read(f"{folder}/{name}", stream))
            except CorruptError as error:
                damaged[f"{folder}/{name}"] = error
        return Found(stream, tuple(valid), damaged)

    def _read(self, path: str, stream: str) -> Checkpoint:
        checkpoint = parse(self._files.read(path))
        if checkpoint.stream != stream:
            raise CorruptError("a checkpoint lies in another stream's folder", got=checkpoint.stream, expected=stream)
        return checkpoint

    def _checkpoints(self, folder: str) -> list[str]:
        return [name for name in self._files.names(folder) if name.endswith(_SUFFIX)]

    def _prune(self, folder: str) -> None:
        # What a crash left half-written goes too; the one just written has its final name by now.
        leftovers = [name for name in self._files.names(folder) if name.endswith(_TEMPORARY)]
        for name in [*self._checkpoints(folder)[: -self._keep], *leftovers]:
            self._files.remove(f"{folder}/{name}")
