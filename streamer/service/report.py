"""From the loop's live objects to the frozen record that other threads may read."""

from collections.abc import Mapping

from streamer.service.loop import Loop
from streamer.service.reloading import Reloading
from streamer.service.sessions import Session
from streamer.service.stream import Stream
from streamer.telemetry.record import ServiceRecord, StreamRecord
from streamer.transport.seam import Listener


class Reporter:
    """Makes the record; holds what only the daemon knows."""

    def __init__(
        self, loop: Loop, listener: Listener, reloading: Reloading, warnings: Mapping[str, int], *, started_at: float
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._endpoint = listener.endpoint
        self._reloading = reloading
        self._warnings = warnings
        self._started_at = started_at
        self.damaged_checkpoints = 0

    def record(self, state: str, now: float) -> ServiceRecord:
        """The daemon now. It is degraded, not ready, while what it learns does not come to disk."""
        failing = [reason for stream in self._loop.streams if (reason := self._unsafe(stream, now))]
        reasons = tuple(failing) if state == "ready" else (f"the daemon is {state}",)
        return ServiceRecord(
            state="degraded" if state == "ready" and failing else state,
            reasons=reasons,
            started_at=self._started_at,
            published_at=now,
            endpoint=self._endpoint,
            streams=tuple(self._stream(stream, now) for stream in self._loop.streams),
            refused_frames=dict(self._loop.reception.refused_frames),
            refused_sessions=dict(self._loop.reception.refused_sessions),
            refused_publications=dict(self._loop.subscriber.refused),
            damaged_checkpoints=self.damaged_checkpoints,
            refused_handshakes=dict(self._listener.refused_handshakes()),
            reloads=dict(self._reloading.outcomes),
            restart_needed=self._reloading.restart_needed,
            warnings=dict(self._warnings),
        )

    def _unsafe(self, stream: Stream, now: float) -> str:
        if stream.durable.failing:
            return f"stream {stream.name}: checkpoints cannot be written"
        if seconds := self._loop.schedule.overdue_seconds(stream, now):
            return f"stream {stream.name}: what it learned {seconds:.0f} s ago is not on disk yet"
        return ""

    def _stream(self, stream: Stream, now: float) -> StreamRecord:
        sessions = self._loop.sessions
        accounts, counters, epoch = stream.accounts, stream.predictor.counters(), stream.epoch
        session = sessions.holder(stream.name)
        return StreamRecord(
            name=stream.name,
            engine=stream.predictor.engine,
            connected=session is not None or sessions.feed(stream.name, now) is not None,
            epoch=epoch,
            next_sequence=stream.cursor(epoch) if epoch else 0,
            acknowledged=stream.acknowledged(epoch) if epoch else 0,
            queued=stream.queued,
            credit=None if session is None else max(session.limit - stream.received(session.epoch), 0),
            lag=_lag(session, stream),
            lag_seconds=stream.waiting.oldest_seconds(now),
            samples=counters["samples"],
            skipped_updates=counters["skipped_updates"],
            skipped={"not_finite": accounts.skipped},
            scores=stream.scores.card(),
            outcomes=accounts.outcomes(),
            rejected=dict(accounts.rejected),
            missing=accounts.missing,
            predictions=accounts.predictions,
            correct=accounts.correct,
            step_seconds=accounts.step_seconds,
            steps=accounts.steps,
            step_times=accounts.step_times.read(),
            delays=accounts.delays.read(),
            label_lags=accounts.label_lags.read(),
            default_labels=accounts.defaulted,
            first_sample_at=accounts.first_sample_at,
            last_sample_at=accounts.last_sample_at,
            checkpoint_at=stream.durable.written_at,
            checkpoints=accounts.checkpoints,
            checkpoint_failures=accounts.checkpoint_failures,
            checkpoint_seconds=accounts.checkpoint_seconds,
            state_hash=stream.state_hash(),
            recent=stream.recent.seen(),
            insight=stream.predictor.insight(),
            standings=stream.predictor.standings(),
            gap=accounts.gap,
            frozen=stream.frozen,
            columns=tuple(stream.predictor.facts().get("columns", ())),
            build_differences=tuple(stream.differences),
            mode="best effort" if epoch in stream.followings else "reliable",
        )


def _lag(session: Session | None, stream: Stream) -> int | None:
    if session is None or not session.ready:
        return None
    return max(session.ready, stream.received(session.epoch)) - stream.cursor(session.epoch)
