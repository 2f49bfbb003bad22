"""The directory of a spool: its segments, each named by its first number.

Whatever a method has done when it returns survives a loss of power. A segment gets its name when its first content is
synced, so that its first line is never torn; the oldest one goes first, so that what is left never has a gap.
"""

from contextlib import suppress

from streamer.errors import CorruptError, IncompatibleError, UnavailableError
from streamer.filesystem.seam import FileSystem
from streamer.spool.segment import Segment, parse

_SUFFIX = ".events"
_TEMPORARY = ".writing"
_LOCK = ".lock"


class Directory:
    """Segments as files. Every method may raise OSError."""

    def __init__(self, files: FileSystem, path: str) -> None:
        self._files = files
        self.path = path.rstrip("/")

    def prepare(self) -> None:
        """Make the directory, and lock it as long as this process lives; UnavailableError if another spool has it."""
        self._files.make_directory(self.path)
        try:
            self._files.lock(f"{self.path}/{_LOCK}")
        except BlockingIOError:
            raise UnavailableError(
                "another spool uses this directory", got=self.path, remedy="stop that one, or give another directory"
            ) from None

    def sizes(self) -> dict[int, int]:
        """First number of each segment → its bytes, in order."""
        names = [name.removesuffix(_SUFFIX) for name in self._files.names(self.path) if name.endswith(_SUFFIX)]
        firsts = sorted(int(name) for name in names if name.isdecimal())
        return {first: self._files.size(self._file(first)) for first in firsts}

    def read(self, first: int) -> Segment:
        """A segment's events; CorruptError or IncompatibleError, naming the file, if they cannot be had."""
        try:
            segment = parse(self._files.read(self._file(first)))
        except (CorruptError, IncompatibleError) as error:
            what = f"{error.what}: {self._file(first)}"
            raise type(error)(what, got=error.got, expected=error.expected, remedy=error.remedy) from None
        if segment.events.first != first:
            raise CorruptError(
                f"a segment has another's name: {self._file(first)}", got=first, expected=str(segment.events.first)
            )
        return segment

    def create(self, first: int, content: bytes) -> None:
        """A new segment."""
        temporary = f"{self.path}/{_TEMPORARY}"
        self._files.write(temporary, content)
        self._files.sync(temporary)
        self._files.rename(temporary, self._file(first))
        self._files.sync_directory(self.path)

    def append(self, first: int, record: bytes) -> None:
        """Add to a segment. After an error nobody knows what is in it: it must not be added to any more."""
        self._files.append(self._file(first), record)
        self._files.sync(self._file(first))

    def settle(self, first: int) -> None:
        """What a crash has left of a segment is there to stay."""
        self._files.sync(self._file(first))
        self._files.sync_directory(self.path)

    def remove(self, first: int) -> None:
        """Delete a segment, if it is there."""
        with suppress(FileNotFoundError):  # its deletion may not have been synced the last time
            self._files.remove(self._file(first))
        self._files.sync_directory(self.path)

    def _file(self, first: int) -> str:
        return f"{self.path}/{first:020d}{_SUFFIX}"
