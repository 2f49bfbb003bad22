"""Carries out `streamer stream …`: by the daemon that holds the directory, or on its files if there is none."""

import os
import re
from dataclasses import replace

from streamer.app.control import command_daemon
from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.revision import begun_anew, frozen, rolled_back
from streamer.checkpoints.store import NEEDED, CheckpointStore
from streamer.clock import Clock
from streamer.errors import CorruptError, StreamerError, UnavailableError
from streamer.filesystem.local import LocalFileSystem
from streamer.service.commands import Command, Facts
from streamer.wire.messages import STREAM_NAME

KEEP_ALL = 1_000_000
"""How many checkpoints to keep is the daemon's to say; it drops what is too much with its next one."""


def command_stream(directory: str, command: Command, clock: Clock) -> Facts:
    """What was done. StreamerError if it was not, and then nothing is changed."""
    if not os.path.isdir(directory):
        raise UnavailableError(
            "there is no such directory", got=directory, remedy="give the daemon's checkpoints.directory"
        )
    if not re.match(STREAM_NAME, command.stream):
        raise UnavailableError("no stream can have this name", got=repr(command.stream))
    files = LocalFileSystem()
    store = CheckpointStore(files, directory, keep=KEEP_ALL)
    try:
        store.lock()
    except BlockingIOError:
        return {"by": "daemon", **command_daemon(directory, command, clock)}
    except OSError as error:
        raise UnavailableError("the directory cannot be locked", got=f"{directory} ({error.strerror})") from None
    try:
        return {"by": "directory", "stream": command.stream, "command": command.verb, **_done(store, command, clock)}
    finally:
        files.release()


def _done(store: CheckpointStore, command: Command, clock: Clock) -> Facts:
    known = store.streams()
    if command.stream not in known:
        raise UnavailableError(
            "there is no such stream", got=command.stream, expected=f"one of: {', '.join(known) or 'none'}"
        )
    if command.verb == "retire":
        return {"moved_to": store.retire(command.stream)}
    newest = _newest(store, command.stream)
    facts, revised = _revised(store, command, newest)
    try:
        for serial in range(newest.serial + 1, newest.serial + 1 + NEEDED):
            store.save(replace(revised, serial=serial, written_at=clock.wall()))
    except OSError as error:
        raise StreamerError("the checkpoint cannot be written", got=error.strerror, remedy="mend the disk") from None
    cursor = next(reversed(newest.positions.values()), 0)
    return facts | {"next_sequence": cursor, "serial": serial, "frozen": revised.frozen}


def _revised(store: CheckpointStore, command: Command, newest: Checkpoint) -> tuple[Facts, Checkpoint]:
    if command.verb == "rollback":
        older = store.older(command.stream, command.to)
        return {"to": older.serial}, rolled_back(newest, older)
    if command.verb == "reset":
        return {}, begun_anew(newest)
    return {}, frozen(newest, command.verb == "freeze")


def _newest(store: CheckpointStore, stream: str) -> Checkpoint:
    try:
        found = store.find(stream)
    except OSError as error:
        raise UnavailableError("checkpoints cannot be read", got=f"{error.filename} ({error.strerror})") from None
    if not found.valid:
        raise CorruptError(
            f"no checkpoint of stream {found.stream!r} is whole",
            got=f"{len(found.damaged)} damaged",
            remedy="put back a copy of one, or retire the stream",
        )
    return found.valid[0]
