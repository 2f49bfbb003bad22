"""The way to a running daemon's control: a socket in its checkpoint directory that only its owner can open.

Whoever may write the checkpoints may command the daemon, and nobody else; no address and no key to set.
"""

import os

from streamer.clock import Clock
from streamer.errors import StreamerError, UnavailableError
from streamer.service.commands import Answer, Command, Facts, decode_answer, encode
from streamer.service.observer import Observer
from streamer.transport.seam import Connection, Listener
from streamer.transport.zeromq import ZmqConnection, ZmqListener

LONGEST_PATH = 107
"""Bytes of a Unix socket's path."""
LARGEST_BYTES = 4096
PATIENCE_SECONDS = 10.0
"""Two checkpoints on a slow disk, with room to spare."""


def control_endpoint(directory: str) -> str:
    """Where a daemon on this directory listens; UnavailableError if the path is too long for a socket."""
    path = f"{directory.rstrip('/')}/.control"
    path = path if path.startswith(("/", ".")) else f"./{path}"  # a first @ would mean something else
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise UnavailableError(
            "the checkpoint directory's path is too long for a socket",
            got=f"{path} ({len(os.fsencode(path))} bytes)",
            expected=f"at most {LONGEST_PATH}",
            remedy="give commands while the daemon is stopped, or set checkpoints.directory to a shorter path",
        )
    return f"ipc://{path}"


def open_control(directory: str, observer: Observer) -> Listener | None:
    """The daemon's end; None, and a warning, where there can be none: it learns all the same."""
    before = os.umask(0o077)  # the socket's file is made as private as the checkpoints are
    try:
        return ZmqListener(control_endpoint(directory), max_message_bytes=LARGEST_BYTES)
    except UnavailableError as error:
        observer.warn("no commands while the daemon runs", why=str(error))
        return None
    finally:
        os.umask(before)


def command_daemon(directory: str, command: Command, clock: Clock) -> Facts:
    """Have the daemon of a directory carry out a command; StreamerError says why it did not."""
    connection = ZmqConnection(control_endpoint(directory), max_message_bytes=LARGEST_BYTES)
    try:
        answer = _asked(connection, command, clock)
    finally:
        connection.close()
    if answer.error:
        raise UnavailableError(answer.error) if answer.mistake else StreamerError(answer.error)
    return answer.facts


def _asked(connection: Connection, command: Command, clock: Clock) -> Answer:
    deadline, sent = clock.monotonic() + PATIENCE_SECONDS, False
    while clock.monotonic() < deadline:
        sent = sent or connection.send([encode(command)])
        for [part, *_] in connection.receive(0.02):
            return decode_answer(part)
    raise UnavailableError(
        "the daemon that holds the checkpoint directory does not answer",
        got=f"{'nothing' if sent else 'no connection'} within {PATIENCE_SECONDS:.0f} s",
        remedy="look at its log and at `streamer status`; it may be starting, or wait for its disk",
    )
