"""One stream: its predictor, its scores, where it is in which log, and what waits to be learned.

Exactly-once hangs on three numbers of the current log:
    acknowledged ≤ cursor ≤ received
below `acknowledged` the producer may forget (the second newest checkpoint covers it), below `cursor` is learned,
below `received` is learned or queued here.
"""

from collections import deque

import numpy as np

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.evaluation.scores import Scores
from streamer.learning.predictor import Frozen, Predictor
from streamer.learning.snapshot import hash_arrays
from streamer.samples import Arrays, Block, joined
from streamer.service.accounts import Accounts
from streamer.service.audience import Audience, Nobody
from streamer.service.awaited import Awaited
from streamer.service.delivery import Delivery
from streamer.service.durability import Durability
from streamer.service.following import Following
from streamer.service.recent import RecentSamples
from streamer.service.stepping import Stepped, Stepping
from streamer.service.waiting import Waiting
from streamer.wire.cursor import admit

PAST_EPOCHS = 16
"""Logs whose cursors are remembered: a producer that comes back with an old one goes on and does not start over."""


class Stream:
    """The state of one stream. All of it that decides the future goes into its checkpoints."""

    def __init__(
        self,
        name: str,
        predictor: Predictor,
        scores: Scores,
        *,
        label_horizon: int,
        default_label: float | None = None,
        audience: Audience | None = None,
    ) -> None:
        self.name = name
        self.predictor = predictor
        self.scores = scores
        self.accounts = Accounts()
        self.recent = RecentSamples()
        self.waiting = Waiting()
        self.positions: dict[str, int] = {}
        self.deliveries: dict[str, Delivery] = {}
        """Epoch → its predictions on their way back, for logs whose producers want them."""
        self.awaited: dict[str, Awaited] = {}
        """Epoch → its samples that may still get a label."""
        self.followings: dict[str, Following] = {}
        """Epoch → its account, for feeds that are subscribed to."""
        self._audience = audience or Nobody()
        self._label_horizon, self._default_label = label_horizon, default_label
        self.queued = 0
        self.durable = Durability()
        self.frozen = False
        """Whether it predicts and scores without learning."""
        self.differences: list[str] = []
        """What computes it now otherwise than what made the checkpoint that it went on from."""
        self._queue: deque[tuple[str, Block]] = deque()
        self._received: dict[str, int] = {}
        self._missed_below = 0
        self.held: str | None = None
        """The log of the last session: its producer has been told where it is, so it must not be forgotten."""
        self.flush = False
        """Whether the producer has asked for everything to be acknowledged now."""

    @property
    def epoch(self) -> str | None:
        """The log that was last learned from."""
        return next(reversed(self.positions), None)

    def cursor(self, epoch: str) -> int:
        """Events of a log that are learned."""
        return self.positions.get(epoch, 0)

    def received(self, epoch: str) -> int:
        """The number that the next block of a log must begin with."""
        received = self._received.get(epoch)
        return self.cursor(epoch) if received is None else received

    def acknowledged(self, epoch: str) -> int:
        """What the second newest checkpoint covers: losing the newest one loses nothing."""
        # a log that was forgotten in between begins anew
        return min(self.durable.acknowledged(epoch), self.cursor(epoch))

    @property
    def unacknowledged(self) -> int:
        """Events of the current log that are learned and not acknowledged."""
        return self.cursor(self.epoch) - self.acknowledged(self.epoch) if self.epoch else 0

    def deliver(self, epoch: str, confirmed: int) -> int:
        """Keep a log's predictions from now on, and those kept that are not confirmed; the first one's number."""
        # Logs that only said hello must not pile up.
        self.deliveries = {log: kept for log, kept in self.deliveries.items() if log in self.positions or log == epoch}
        delivery = self.deliveries.setdefault(epoch, Delivery())
        delivery.begin(self.cursor(epoch))
        delivery.confirm(confirmed)
        return delivery.first

    def deliver_no_more(self, epoch: str) -> int:
        """Nobody wants a log's predictions any longer; the number that the first one would have had."""
        self.deliveries.pop(epoch, None)
        return self.cursor(epoch)

    def undelivered(self, epoch: str) -> int:
        """Predictions of a log that are kept."""
        delivery = self.deliveries.get(epoch)
        return delivery.end - delivery.first if delivery is not None else 0

    def accept(self, epoch: str, block: Block, now: float) -> int:
        """Queue what is new of a block; returns how many samples before it are missing (then nothing is taken)."""
        admission = admit(self.received(epoch), block)
        self.accounts.duplicate += admission.duplicates
        if admission.missing:
            self.accounts.missing += max(0, block.first - max(self._missed_below, self.received(epoch)))
            self._missed_below = max(self._missed_below, block.end)
        elif len(admission.fresh):
            self._missed_below = 0
            self._queue.append((epoch, _kept(admission.fresh, block)))
            self._received[epoch] = admission.fresh.end
            self.queued += len(admission.fresh)
            self.waiting.put(len(admission.fresh), now)
        return admission.missing

    def learn(self, most: int) -> int:
        """Step over up to `most` queued samples of one log; returns how many."""
        epoch, block = self._next(most)
        if not len(block):
            return 0
        before = self.scores.counts()
        predictor = Frozen(self.predictor) if self.frozen else self.predictor
        stepping = Stepping(predictor, self.scores, self._awaited_of(epoch), default=self._default_label)
        stepped = stepping.step(_widened(block, self.predictor.columns))
        self._account(stepped, before)
        for samples in stepped.samples:
            self.recent.keep(*samples)
        predictions = np.concatenate(stepped.predictions)
        if epoch in self.deliveries:
            self.deliveries[epoch].keep(predictions)
        self._audience.hear(self.name, self.predictor, block, predictions)
        self.positions[epoch] = block.end
        self.durable.changes += len(block)
        self.queued -= len(block)
        return len(block)

    def stepped(self, count: int, seconds: float, now: float, wall: float) -> None:
        """`learn` took so many events in so many seconds, until now."""
        if not count:
            return
        self.accounts.stepped(count, seconds, wall)
        self.predictor.relieve(1e6 * seconds / count, waiting=self.queued > 0)
        for those, waited in self.waiting.took(count, now):
            self.accounts.delays.observe(waited, those)

    def state(self) -> Arrays:
        """Everything that decides the future, and the scores."""
        arrays = {f"learner.{name}": array for name, array in self.predictor.export().items()}
        arrays |= {f"scores.{name}": array for name, array in self.scores.export().items()}
        for epoch, awaited in self.awaited.items():
            arrays |= {f"awaited.{epoch}.{name}": array for name, array in awaited.export(self.cursor(epoch)).items()}
        return arrays

    def state_hash(self) -> str:
        """Equal exactly if the state and all cursors are."""
        cursors = {f"cursor.{epoch}": np.array(position) for epoch, position in self.positions.items()}
        frozen = {"frozen": np.array(True)} if self.frozen else {}
        return hash_arrays(self.state() | cursors | frozen)

    def skip_to(self, epoch: str, number: int) -> None:
        """Go on without the events of a log below a number: they are gone for good."""
        self.accounts.gap += number - self.cursor(epoch)
        self._turn_to(epoch)
        self.positions[epoch] = self._received[epoch] = number
        self.durable.changes += 1

    def freeze(self, frozen: bool) -> None:
        """Predict and score without learning from now on, or learn again."""
        self.frozen = frozen
        self.durable.owe()

    def replace(self, predictor: Predictor, scores: Scores) -> None:
        """Go on with another learner and its scores, here: what is learned of each log stays learned.

        Labels of samples that the one before had predicted are unknown to this one.
        """
        self.predictor, self.scores = predictor, scores
        self.awaited.clear()
        self.durable.owe()

    def renew(self, predictor: Predictor) -> None:
        """Go on with a predictor of the same state, from here: what is on disk is to be of this event soon."""
        self.predictor = predictor
        if self.epoch:
            self.durable.owe()

    def checkpoint(self, structure: dict[str, object], build: dict[str, str], wall: float) -> Checkpoint:
        """The next checkpoint: a copy, to be written while the stream goes on. `saved` or `not_saved` must follow."""
        return Checkpoint(
            stream=self.name,
            serial=self.durable.begin(),
            structure=structure,
            positions=dict(self.positions),
            engine=self.predictor.engine,
            written_at=wall,
            arrays=self.state() | self._delivery_state() | self._following_state(),
            frozen=self.frozen,
            build=build,
        )

    def saved(self, checkpoint: Checkpoint) -> None:
        """A checkpoint is on disk and survives a loss of power."""
        self.durable.saved(checkpoint)
        self.accounts.checkpoints += 1

    def not_saved(self) -> None:
        """A checkpoint could not be written: nothing is acknowledged."""
        self.durable.not_saved()
        self.accounts.checkpoint_failures += 1

    def resume(self, checkpoints: tuple[Checkpoint, ...]) -> None:
        """Take over cursors and what belongs to logs from the newest of the checkpoints found, newest first."""
        newest = checkpoints[0]
        self.positions, self.frozen = dict(newest.positions), newest.frozen
        for epoch in self.positions:
            if arrays := newest.part(f"delivery.{epoch}"):
                self.deliveries[epoch] = Delivery()
                self.deliveries[epoch].load(arrays)
            if arrays := newest.part(f"awaited.{epoch}"):
                self._awaited_of(epoch).load(arrays)
            if arrays := newest.part(f"following.{epoch}"):
                self.followings[epoch] = Following()
                self.followings[epoch].load(arrays)
        self.durable.resume(checkpoints)

    def _next(self, most: int) -> tuple[str, Block]:
        """Take queued blocks of one log, joined, up to `most` samples."""
        epoch = self._queue[0][0]
        blocks: list[Block] = []
        while self._queue and self._queue[0][0] == epoch and most > 0:
            if blocks and _width(blocks[0]) != _width(self._queue[0][1]):
                break
            block = self._queue.popleft()[1]
            if len(block) > most:
                self._queue.appendleft((epoch, block.since(block.first + most)))
                block = block.head(most)
            most -= len(block)
            blocks.append(block)
        self._turn_to(epoch)
        return epoch, joined(blocks)

    def _turn_to(self, epoch: str) -> None:
        """Make a log the current one; the one longest ago is forgotten when there are too many."""
        self.positions[epoch] = self.positions.pop(epoch, 0)
        queued = {queued for queued, _ in self._queue}
        needed = {epoch, self.held, *queued}
        idle = [past for past in self.positions if past not in needed]
        for forgotten in idle[: max(0, len(self.positions) - PAST_EPOCHS)]:
            del self.positions[forgotten]
            self._received.pop(forgotten, None)
            self.deliveries.pop(forgotten, None)
            self.awaited.pop(forgotten, None)
            self.followings.pop(forgotten, None)

    def _awaited_of(self, epoch: str) -> Awaited:
        return self.awaited.setdefault(epoch, Awaited(self._label_horizon))

    def _delivery_state(self) -> Arrays:
        # Not part of the hash: what has been confirmed depends on the network, not on the stream.
        return {
            f"delivery.{epoch}.{name}": array
            for epoch, delivery in self.deliveries.items()
            if epoch in self.positions
            for name, array in delivery.export().items()
        }

    def _following_state(self) -> Arrays:
        # Not part of the hash either: what was lost on the way is no part of what was learned.
        return {
            f"following.{epoch}.{name}": array
            for epoch, following in self.followings.items()
            if epoch in self.positions
            for name, array in following.export(self.cursor(epoch)).items()
        }

    def _account(self, stepped: Stepped, before: tuple[int, int]) -> None:
        count, correct = self.scores.counts()
        # What a frozen learner was not told is unlabelled to it.
        learned = 0 if self.frozen else stepped.learned
        self.accounts.learned += learned
        self.accounts.unlabelled += stepped.unlabelled + stepped.learned - learned
        self.accounts.defaulted += stepped.defaulted
        for lag in stepped.lags:
            self.accounts.label_lags.observe(lag, 1)
        self.accounts.rejected.update(stepped.rejected)
        self.accounts.predictions += count - before[0]
        self.accounts.correct += correct - before[1]


def _width(block: Block) -> int:
    return int(block.inputs.shape[1])


def _widened(block: Block, columns: int) -> Block:
    """A block from before the learner knew of its last columns: they are missing in it."""
    lacking = columns - _width(block)
    if not lacking:
        return block
    inputs = np.pad(block.inputs, ((0, 0), (0, lacking)), constant_values=np.nan)
    return Block(block.first, inputs, block.targets, block.of)


def _kept(fresh: Block, block: Block) -> Block:
    """What is queued: the block itself, or a copy of the part that is new, so that the rest can be let go."""
    return fresh if len(fresh) == len(block) else fresh.copy()
