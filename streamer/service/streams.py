"""All streams of one daemon: made on first sight up to a limit, or restored from their checkpoints."""

from collections import deque
from collections.abc import Callable, Iterator

from streamer.checkpoints.build import differences
from streamer.checkpoints.checkpoint import Checkpoint
from streamer.columns import PLAIN, Schema
from streamer.errors import IncompatibleError, UnavailableError
from streamer.evaluation.scores import Scores
from streamer.learning.fitting import Objection
from streamer.learning.predictor import Predictor, PredictorFactory
from streamer.service.audience import Audience
from streamer.service.stream import Stream


class Streams:
    """Streams by name, served in turn."""

    def __init__(
        self,
        predictors: PredictorFactory,
        new_scores: Callable[[Schema], Scores],
        *,
        structure: dict[str, object],
        build: dict[str, str],
        limit: int,
        label_horizon: int,
        default_label: float | None = None,
        audience: Audience | None = None,
    ) -> None:
        self._predictors = predictors
        self._new_scores = new_scores
        self._streams: dict[str, Stream] = {}
        self._turns: deque[Stream] = deque()
        self.structure = structure
        self.build = build
        self.limit = limit
        self._label_horizon, self._default_label, self._audience = label_horizon, default_label, audience

    def __iter__(self) -> Iterator[Stream]:
        return iter(self._streams.values())

    def existing(self, name: str) -> Stream:
        """A stream that a session has opened."""
        return self._streams[name]

    def received(self, name: str, epoch: str) -> int:
        """The next number wanted of a stream's log; 0 for a stream not seen yet."""
        return self._streams[name].received(epoch) if name in self._streams else 0

    def idle(self, name: str) -> bool:
        """Whether nothing of a stream is queued."""
        return name not in self._streams or not self._streams[name].queued

    def has_room_for(self, name: str) -> bool:
        """Whether a stream is there or may be added."""
        return name in self._streams or len(self._streams) < self.limit

    def objection(self, name: str, inputs: int, schema: Schema) -> Objection | None:
        """Why a stream of these columns cannot be learned under a name; None if it can."""
        stream = self._streams.get(name)
        judge = self._predictors if stream is None or _untouched(stream) else stream.predictor
        return judge.objection(inputs, schema)

    def open(self, name: str, schema: Schema = PLAIN) -> Stream:
        """The stream of a name, new if it was not seen before; one that has learned nothing yet takes any columns."""
        stream = self._streams.get(name)
        if stream is None:
            return self._add(name, self._predictors.create(name, schema), self._new_scores(schema))
        if _untouched(stream) and stream.predictor.schema != schema:
            stream.predictor, stream.scores = self._predictors.create(name, schema), self._new_scores(schema)
        return stream

    def restore(self, checkpoints: tuple[Checkpoint, ...]) -> Stream:
        """Take up a stream from its valid checkpoints, newest first; StartError if it cannot be."""
        newest = checkpoints[0]
        if not self.has_room_for(newest.stream):
            raise UnavailableError(
                "the directory holds more streams than streams.limit allows",
                got=f"{newest.stream!r} after {len(self._streams)} others",
                remedy="raise streams.limit, or move that stream's folder away",
            )
        stream = self._add(newest.stream, *self._revived(newest))
        stream.resume(checkpoints)
        stream.differences = differences(newest.build, self.build)
        return stream

    def reset(self, stream: Stream) -> None:
        """Begin anew with the learner and scores of a stream not seen before; its cursors stay."""
        schema = stream.predictor.schema
        stream.replace(self._predictors.create(stream.name, schema), self._new_scores(schema))

    def renew(self) -> None:
        """Go on with the same learners, made anew as a restart would make them, by what the factory makes now."""
        renewed = [(stream, self._predictors.restore(stream.name, stream.predictor.export())) for stream in self]
        for stream, predictor in renewed:
            stream.renew(predictor)

    def roll_back(self, stream: Stream, checkpoint: Checkpoint) -> None:
        """Go on with the learner and scores of an older checkpoint; the cursors stay. StartError if it does not fit."""
        schema = stream.predictor.schema
        predictor, scores = self._revived(checkpoint)
        predictor.arrange(schema)  # columns that came since keep their places: those of before come first in both
        stream.replace(predictor, scores)

    def next_in_turn(self) -> Stream | None:
        """A stream that has something queued, each in its turn."""
        for _ in range(len(self._turns)):
            self._turns.rotate(-1)
            if self._turns[-1].queued:
                return self._turns[-1]
        return None

    def drop_unused(self, name: str) -> None:
        """Forget a stream that never had a sample: a name said once must not take a place for good."""
        stream = self._streams[name]
        if not stream.positions and not stream.queued:
            self.remove(stream)

    def remove(self, stream: Stream) -> None:
        """Forget a stream that no session holds."""
        del self._streams[stream.name]
        self._turns.remove(stream)

    def find(self, name: str) -> Stream | None:
        """The stream of a name, if anything was ever learned of it."""
        stream = self._streams.get(name)
        return stream if stream is not None and stream.epoch else None

    def _add(self, name: str, predictor: Predictor, scores: Scores) -> Stream:
        stream = Stream(
            name,
            predictor,
            scores,
            label_horizon=self._label_horizon,
            default_label=self._default_label,
            audience=self._audience,
        )
        self._streams[name] = stream
        self._turns.append(stream)
        return stream

    def _revived(self, checkpoint: Checkpoint) -> tuple[Predictor, Scores]:
        """A checkpoint's learner and scores; new ones if it is of a stream that begins anew."""
        arrays = checkpoint.part("learner")
        if not arrays:
            return self._predictors.create(checkpoint.stream, PLAIN), self._new_scores(PLAIN)
        self._check_structure(checkpoint)
        predictor = self._predictors.restore(checkpoint.stream, arrays)
        scores = self._new_scores(predictor.schema)
        scores.load(checkpoint.part("scores"))
        return predictor, scores

    def _check_structure(self, checkpoint: Checkpoint) -> None:
        theirs, ours = _ALONE | checkpoint.structure, _ALONE | self.structure
        different = [
            f"{name} = {theirs.get(name)} there, {value} here"
            for name, value in ours.items()
            if theirs.get(name) != value
        ]
        if different:
            raise IncompatibleError(
                f"the checkpoint of stream {checkpoint.stream!r} was made with other settings",
                got="; ".join(different),
                remedy="set them as they were, or set checkpoints.directory to a new one to start over",
            )


_ALONE: dict[str, object] = {"predictor": "learner"}
"""What a checkpoint is of that does not say it."""


def _untouched(stream: Stream) -> bool:
    """Whether its predictor has seen nothing, and nothing waits for it: the stream was reset, or only named so far."""
    return stream.predictor.samples == 0 and not stream.queued
