"""Wires a spool and runs it."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from streamer.app.logs import LogObserver, set_up_logs
from streamer.client.feed import Feed, Phase, Plan
from streamer.clock import SystemClock
from streamer.config.endpoint import checked_endpoint, is_loopback
from streamer.config.keys import credentials
from streamer.errors import Fault, SettingsError, StreamerError
from streamer.filesystem.local import LocalFileSystem
from streamer.spool.acceptance import Acceptance, Counts
from streamer.spool.directory import Directory
from streamer.spool.lines import MAX_LINE_BYTES
from streamer.spool.log import open_log
from streamer.spool.spooler import Spooler
from streamer.transport.line_intake import LineIntake
from streamer.transport.zeromq import ZmqConnection
from streamer.transport.zmq_intake import Kind, ZmqIntake, wait_for_any
from streamer.wire.frames import frame_bytes

MEGABYTE = 1_000_000
STDIN = 0
Tell = Callable[[str, dict[str, object]], None]
"""Called with an event, `ready`, `safe` or `stopped`, and its facts."""


@dataclass(frozen=True, slots=True)
class SpoolPlan:
    """What a spool is told by its user."""

    directory: str
    to: str
    stream: str
    inputs: int
    intake: tuple[Kind, str] | None
    """The kind of socket that lines come from and its address, or None for stdin."""
    sync_milliseconds: int
    limit_megabytes: int
    insecure: bool
    key: str | None = None
    """The file of the spool's secret key, for a daemon with keys."""
    daemon_key: str | None = None
    """The daemon's public key, or its file."""


def run_spool(plan: SpoolPlan, stopped: Callable[[], bool], tell: Tell) -> None:
    """Run until stdin has ended and the daemon has acknowledged everything, or `stopped()`.

    StartError if it cannot begin; StreamerError if it cannot go on. What it has told to be safe is on disk.
    """
    _check(plan)
    published, keys = Plan(plan.stream), credentials(plan.key, plan.daemon_key)
    set_up_logs()
    clock = SystemClock()
    observer = LogObserver(clock)
    with ExitStack() as stack:
        log = open_log(
            Directory(LocalFileSystem(), plan.directory),
            stream=plan.stream,
            inputs=plan.inputs,
            new_epoch=lambda: secrets.token_hex(16),
            limit_bytes=plan.limit_megabytes * MEGABYTE,
        )
        intake = _intake(plan)  # after the log: what it takes must have somewhere to go
        stack.callback(intake.close)
        connection = ZmqConnection(plan.to, max_message_bytes=frame_bytes(0, 0), credentials=keys)
        stack.callback(connection.close)

        def wait(for_lines: bool, seconds: float) -> None:
            wait_for_any([connection.pollable, *([intake.pollable] if for_lines else [])], seconds)

        def told(below: int, counts: Counts) -> None:
            tell("safe", {"next": below, **asdict(counts)})

        feed = Feed(log, published, incarnation=1 + secrets.randbelow(2**62))
        acceptance = Acceptance(log, intake, clock, observer, sync_seconds=plan.sync_milliseconds / 1000, told=told)
        spooler = Spooler(log, acceptance, feed, connection, clock, observer, wait)
        tell("ready", {"next": log.next, "epoch": log.epoch, "endpoint": intake.endpoint})
        spooler.run(stopped)
        if log.pending:
            raise StreamerError("the last lines could not be brought to disk", got=f"{log.pending} of them are lost")
        tell(
            "stopped",
            {
                "next": log.next,
                **asdict(acceptance.counts),
                "acknowledged": feed.acknowledged,
                "complete": feed.phase is Phase.DONE,
            },
        )


def _intake(plan: SpoolPlan) -> LineIntake | ZmqIntake:
    if plan.intake is None:
        return LineIntake(STDIN, most_bytes=MAX_LINE_BYTES)
    return ZmqIntake(*plan.intake, most_bytes=4 * MAX_LINE_BYTES)


def _check(plan: SpoolPlan) -> None:
    """SettingsError, with every fault, before anything is made."""
    faults = [*_address_faults("to", plan.to)]
    if plan.intake is not None:
        option, address = plan.intake
        faults += _address_faults(option, address)
        if not faults and not plan.insecure and not is_loopback(address):
            remedy = "run the spool beside its programs and use 127.0.0.1, or give --insecure"
            faults.append(Fault(f"--{option}", f"got {address!r}, where other machines can feed the learner", remedy))
    if faults:
        raise SettingsError(faults)


def _address_faults(option: str, address: str) -> Iterator[Fault]:
    try:
        checked_endpoint(address)
    except ValueError as error:
        problem, _, remedy = str(error).partition("; do this: ")
        yield Fault(f"--{option}", problem, remedy)
