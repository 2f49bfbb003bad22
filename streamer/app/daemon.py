"""Wires a daemon from its settings and runs it."""

import gc
import os
import secrets
from collections.abc import Callable
from contextlib import ExitStack

from streamer.app.broadcast import Broadcast
from streamer.app.control import open_control
from streamer.app.descriptors import raise_descriptor_limit
from streamer.app.keys import Keys
from streamer.app.live import Running
from streamer.app.logs import LogObserver, log_settings, set_up_logs
from streamer.app.notification import Notification, supervision
from streamer.app.predictors import Factory, factory_for
from streamer.app.reconfiguration import Reconfiguration
from streamer.checkpoints.store import CheckpointStore
from streamer.clock import SystemClock
from streamer.columns import Schema
from streamer.config.loading import Effective
from streamer.config.settings import Settings
from streamer.evaluation.scores import Scores, scores_for, warm_up
from streamer.filesystem.local import LocalFileSystem
from streamer.service.access import Access
from streamer.service.audience import Audience, Nobody
from streamer.service.control import Control
from streamer.service.daemon import Daemon
from streamer.service.loop import Loop
from streamer.service.observer import Counted, Observer
from streamer.service.reception import Reception
from streamer.service.reloading import Reloading
from streamer.service.sessions import Sessions
from streamer.service.signals import reload_on_hangup, stop_on_signals
from streamer.service.streams import Streams
from streamer.service.writer import ThreadWriter
from streamer.telemetry.record import Board
from streamer.transport.publishing import ZmqPublisher
from streamer.transport.subscription import ZmqSubscription
from streamer.web.application import application
from streamer.web.server import serving
from streamer.wire.frames import MAX_INPUTS, frame_bytes
from streamer.wire.publication import MAX_REFUSED_BYTES

Facts = dict[str, str]


def run_daemon(read: Callable[[], Effective], ready: Callable[[Facts], None], *, accept_gap: bool = False) -> None:
    """Run until a signal asks to stop. `read` gives the settings, again on SIGHUP.

    `ready` is told the addresses once both are open and the streams restored.
    `accept_gap` goes on without samples that neither a checkpoint nor their producer has any more.
    """
    effective = read()
    settings = effective.settings
    clock = SystemClock()
    board = Board(started_at=clock.wall())
    set_up_logs()
    observer = Counted(LogObserver(clock))
    log_settings(effective, observer)
    store = CheckpointStore(LocalFileSystem(), settings.checkpoints.directory, keep=settings.checkpoints.keep)
    with ExitStack() as stack:
        stop = stack.enter_context(stop_on_signals())
        notification = Notification(os.environ.get("NOTIFY_SOCKET", ""))
        stack.callback(notification.close)
        store.prepare()
        largest = frame_bytes(settings.transport.window, MAX_INPUTS)
        keys = Keys(settings.transport, observer)
        reconfiguration = Reconfiguration(read, settings, keys)
        reloading = Reloading(reconfiguration.read_again, observer)
        stack.enter_context(reload_on_hangup(reloading.request))
        subscription = ZmqSubscription(settings.transport.subscribe, max_message_bytes=max(largest, MAX_REFUSED_BYTES))
        stack.callback(subscription.close)
        listener = keys.listener(max_message_bytes=largest, clock=clock, wakes=subscription.sockets)
        stack.callback(listener.close)
        raise_descriptor_limit()
        url = stack.enter_context(serving(application(board, clock), settings.telemetry.host, settings.telemetry.port))
        factory = factory_for(settings)
        observer.note("engine", chosen=factory.warm_up())
        warm_up(settings.learner)
        if stop.requested:
            return
        facts, audience = _audience(stack, settings.transport.publish)
        loop = _loop(settings, factory, observer, keys.access, audience, accept_gap=accept_gap)
        reconfiguration.running = Running(loop, store, factory)
        daemon = Daemon(
            loop,
            listener,
            store,
            clock,
            board,
            observer,
            writer=ThreadWriter(store.save),
            control=_control(stack, settings.checkpoints.directory, loop, store, observer),
            reloading=reloading,
            subscription=subscription,
            supervision=supervision(notification, os.environ),
            warnings=observer.warnings,
        )
        daemon.restore()
        gc.freeze()  # what is loaded by now lives as long as the process: to look through it at the end takes a second
        facts |= {"endpoint": listener.endpoint, "metrics": f"{url}/metrics", "status": f"{url}/api/v1/status"}
        observer.note("ready", endpoint=facts["endpoint"], metrics=facts["metrics"])
        daemon.announce()
        ready(facts)
        daemon.run(stop)
        observer.note("stopped")


def _audience(stack: ExitStack, endpoint: str) -> tuple[Facts, Audience]:
    """Who hears predictions as they are made, and where."""
    if not endpoint:
        return {}, Nobody()
    publisher = ZmqPublisher(endpoint)
    stack.callback(publisher.close)
    return {"predictions": publisher.endpoint}, Broadcast(publisher.publish)


def _control(
    stack: ExitStack, directory: str, loop: Loop, store: CheckpointStore, observer: Observer
) -> Control | None:
    commands = open_control(directory, observer)
    if commands is None:
        return None
    stack.callback(commands.close)
    return Control(loop, store, commands, observer)


def _loop(
    settings: Settings,
    factory: Factory,
    observer: Observer,
    access: Access,
    audience: Audience,
    *,
    accept_gap: bool,
) -> Loop:
    def new_scores(schema: Schema) -> Scores:
        horizons = {"horizons": schema.horizons} if schema.horizons else {}
        learner = settings.learner.model_copy(update=horizons)
        return scores_for(learner, window=settings.scores.window, fading=settings.scores.fading)

    streams = Streams(
        factory,
        new_scores,
        structure=settings.structure(),
        build=factory.build(),
        limit=settings.streams.limit,
        label_horizon=settings.streams.label_horizon,
        default_label=settings.streams.default_label,
        audience=audience,
    )
    sessions = Sessions(lambda: 1 + secrets.randbelow(2**62), silence_seconds=settings.transport.session_seconds)
    reception = Reception(
        streams,
        sessions,
        observer,
        access,
        inputs=settings.learner.inputs,
        window=settings.transport.window,
        accept_gap=accept_gap,
    )
    return Loop(streams, sessions, reception, observer, interval_seconds=settings.checkpoints.interval_seconds)
