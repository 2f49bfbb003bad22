"""All checks, in the order in which a start would meet them."""

import os
import resource
from pathlib import Path

import streamer
from streamer.app.doctor.addresses import look_at_endpoint, look_at_port
from streamer.app.doctor.disk import look_at_directory, look_at_kernel_cache, look_at_lock
from streamer.app.doctor.finding import Finding
from streamer.app.doctor.machine import (
    cpuinfo,
    installed,
    look_at_clock,
    look_at_descriptors,
    look_at_engine,
    look_at_processor,
    newest_file,
)
from streamer.clock import Clock
from streamer.config.settings import Settings
from streamer.filesystem.local import LocalFileSystem


def examine(settings: Settings, clock: Clock) -> list[Finding]:
    """What a daemon with these settings would find here, now. Changes nothing."""
    directory = settings.checkpoints.directory
    files = LocalFileSystem()
    return [
        *look_at_directory(directory, clock),
        look_at_lock(directory, files.lock),
        look_at_endpoint(settings.transport.listen),
        look_at_port(settings.telemetry.host, settings.telemetry.port),
        look_at_engine(settings.learner.engine, os.environ, installed),
        look_at_processor(cpuinfo()),
        look_at_kernel_cache(os.environ, str(Path.home())),
        look_at_clock(clock, newest_file(*streamer.__path__, directory)),
        look_at_descriptors(resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
    ]
