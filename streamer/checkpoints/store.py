"""Checkpoints in a directory, one folder a stream, the newest few kept.

A checkpoint is written under a temporary name, synced, renamed, and the folder synced: at every moment there is a
whole one, and after `save` returns it survives a loss of power. Only then may anything be acknowledged.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.format import dump, parse
from streamer.errors import CorruptError, IncompatibleError, StreamerError, UnavailableError
from streamer.filesystem.seam import FileSystem
from streamer.wire.messages import STREAM_NAME

_SUFFIX = ".ckpt"
_TEMPORARY = ".writing"
_LOCK = ".lock"
NEEDED = 2
"""Valid checkpoints that a restart needs: the newest to go on from, the one before it for what is acknowledged."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stream's newest two valid checkpoints, newest first, and what was wrong with those that were passed over."""

    stream: str
    valid: tuple[Checkpoint, ...]
    damaged: dict[str, CorruptError]


class CheckpointStore:
    """The directory of one daemon's checkpoints."""

    def __init__(self, files: FileSystem, directory: str, *, keep: int) -> None:
        self._files = files
        self._directory = directory.rstrip("/")
        self.keep = keep

    def prepare(self) -> None:
        """Make the directory, prove that it can be written, and lock it as long as this process lives.

        UnavailableError says what is in the way.
        """
        probe = f"{self._directory}/{_TEMPORARY}"
        try:
            self._files.make_directory(self._directory)
            self._files.write(probe, b"")
            self._files.remove(probe)
            self.lock()
        except BlockingIOError:
            raise UnavailableError(
                "another daemon uses this checkpoint directory",
                got=self._directory,
                remedy="stop that one, or set checkpoints.directory to another",
            ) from None
        except OSError as error:
            raise UnavailableError(
                "checkpoints cannot be written",
                got=f"{self._directory} ({error.strerror})",
                expected="a directory that this user may write",
                remedy="mend its permissions, or set checkpoints.directory to another",
            ) from None

    def lock(self) -> None:
        """Keep others out as long as this process lives; BlockingIOError if another one holds the directory."""
        self._files.lock(f"{self._directory}/{_LOCK}")

    def save(self, checkpoint: Checkpoint) -> None:
        """Write durably, then drop the oldest beyond `keep`; OSError if the disk will not have it."""
        folder = f"{self._directory}/{checkpoint.stream}"
        # One temporary name a stream: a disk that is full must not be filled by what was begun on it.
        temporary = f"{folder}/{_TEMPORARY}"
        self._files.make_directory(folder)
        self._files.write(temporary, dump(checkpoint))
        self._files.sync(temporary)
        self._files.rename(temporary, f"{folder}/{checkpoint.serial:012d}{_SUFFIX}")
        self._files.sync_directory(folder)
        with suppress(OSError):  # the new one is safe whether or not an old one goes; the next save tries again
            self._prune(folder)

    def streams(self) -> list[str]:
        """What may be the folder of a stream."""
        return [name for name in self._files.names(self._directory) if re.match(STREAM_NAME, name)]

    def find_all(self) -> Iterator[Found]:
        """Each stream's checkpoints, read and verified."""
        try:
            names = self.streams()
        except OSError as error:
            raise _unreadable(self._directory, error) from None
        for name in names:
            try:
                yield self.find(name)
            except NotADirectoryError:
                continue  # a file that someone has put beside the folders
            except OSError as error:
                raise _unreadable(error.filename, error) from None

    def find(self, stream: str) -> Found:
        """One stream's checkpoints, read and verified."""
        folder = f"{self._directory}/{stream}"
        valid: list[Checkpoint] = []
        damaged: dict[str, CorruptError] = {}
        for name in reversed(self._checkpoints(folder)):
            if len(valid) == NEEDED:
                break
            try:
                valid.append(self._read(f"{folder}/{name}", stream))
            except CorruptError as error:
                damaged[f"{folder}/{name}"] = error
        return Found(stream, tuple(valid), damaged)

    def older(self, stream: str, serial: int | None) -> Checkpoint:
        """The checkpoint of a serial, or the one before the newest; StreamerError if it is not there or not whole."""
        folder, serials = f"{self._directory}/{stream}", list[int]()
        try:
            names = [name.removesuffix(_SUFFIX) for name in reversed(self._checkpoints(folder))]
            serials = [int(name) for name in names if name.isdecimal()]
            wanted = serial if serial is not None else next(iter(serials[1:]), 0)
            if wanted in serials:
                return self._read(f"{folder}/{wanted:012d}{_SUFFIX}", stream)
        except FileNotFoundError:
            pass  # nothing of it is saved yet, or it has just made room for a newer one
        except OSError as error:
            raise UnavailableError("a checkpoint cannot be read", got=f"{folder} ({error.strerror})") from None
        raise UnavailableError(
            "there is no such checkpoint",
            got=f"{stream} {serial if serial is not None else 'before the newest one'}",
            expected=f"one of: {', '.join(map(str, serials)) or 'none'}",
        )

    def retire(self, stream: str) -> str:
        """Move a stream's folder aside, durably, to a name that is no stream's; its new path.

        StreamerError if it cannot be; then it is where it was.
        """
        folder = f"{self._directory}/{stream}"
        try:
            self._files.names(folder)  # a file that someone has put there is no stream
            taken = self._files.names(self._directory)
            target = next(path for n in count(1) if (path := f".retired-{stream}-{n}") not in taken)
            self._files.rename(folder, f"{self._directory}/{target}")
            self._sync_move(f"{self._directory}/{target}", folder)
        except OSError as error:
            raise StreamerError("the stream's folder cannot be moved", got=f"{folder} ({error.strerror})") from None
        return f"{self._directory}/{target}"

    def _sync_move(self, target: str, source: str) -> None:
        try:
            self._files.sync_directory(self._directory)
        except OSError:
            with suppress(OSError):
                self._files.rename(target, source)
            raise

    def _read(self, path: str, stream: str) -> Checkpoint:
        try:
            checkpoint = parse(self._files.read(path))
        except IncompatibleError as error:
            raise IncompatibleError(
                f"{error.what}: {path}", got=error.got, expected=error.expected, remedy=error.remedy
            ) from None
        if checkpoint.stream != stream:
            raise CorruptError("a checkpoint lies in another stream's folder", got=checkpoint.stream, expected=stream)
        return checkpoint

    def _checkpoints(self, folder: str) -> list[str]:
        return [name for name in self._files.names(folder) if name.endswith(_SUFFIX)]

    def _prune(self, folder: str) -> None:
        for name in self._checkpoints(folder)[: -self.keep]:
            self._files.remove(f"{folder}/{name}")


def _unreadable(path: str, error: OSError) -> UnavailableError:
    return UnavailableError(
        "checkpoints cannot be read",
        got=f"{path} ({error.strerror})",
        remedy="mend its permissions, or move that folder away",
    )
