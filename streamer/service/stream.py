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
from streamer.learning.predictor import Predictor
from streamer.learning.snapshot import hash_arrays
from streamer.samples import Arrays, Block, joined
from streamer.service.accounts import Accounts
from streamer.service.awaited import Awaited
from streamer.service.delivery import Delivery
from streamer.service.recent import RecentSamples
from streamer.service.stepping import Stepped, step
from streamer.wire.cursor import admit

PAST_EPOCHS = 16
"""Logs whose cursors are remembered: a producer that comes back with an old one goes on and does not start over."""


class Stream:
    """The state of one stream. All of it that decides the future goes into its checkpoints."""

    def __init__(self, name: str, predictor: Predictor, scores: Scores, *, label_horizon: int) -> None:
        self.name = name
        self.predictor = predictor
        self.scores = scores
        self.accounts = Accounts()
        self.recent = RecentSamples()
        self.positions: dict[str, int] = {}
        self.deliveries: dict[str, Delivery] = {}
        """Epoch → its predictions on their way back, for logs whose producers want them."""
        self.awaited: dict[str, Awaited] = {}
        """Epoch → its samples that may still get a label."""
        self._label_horizon = label_horizon
        self.queued = 0
        self.serial = 0
        self.checkpoint_at: float | None = None
        self._queue: deque[tuple[str, Block]] = deque()
        self._received: dict[str, int] = {}
        self._durable: deque[dict[str, int]] = deque(maxlen=2)
        self._since_checkpoint = 0
        self._being_saved = 0
        self._missed_below = 0
        self.failing = False
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
        covered = self._durable[0].get(epoch, 0) if len(self._durable) == 2 else 0
        return min(covered, self.cursor(epoch))  # a log that was forgotten in between begins anew

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

    def accept(self, epoch: str, block: Block) -> int:
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
        return admission.missing

    def learn(self, most: int) -> int:
        """Step over up to `most` queued samples of one log; returns how many."""
        epoch, block = self._next(most)
        if not len(block):
            return 0
        stepped = step(self.predictor, self._awaited_of(epoch), block)
        before = self.scores.counts()
        predictions, targets = zip(*stepped.scored, strict=True)
        self.scores.update(np.concatenate(predictions), np.concatenate(targets))
        self._account(stepped, before)
        for samples in stepped.samples:
            self.recent.keep(*samples, block.end)
        if epoch in self.deliveries:
            self.deliveries[epoch].keep(np.concatenate(stepped.predictions))
        self.positions[epoch] = block.end
        self._since_checkpoint += len(block)
        self.queued -= len(block)
        return len(block)

    def due(self, every: int) -> bool:
        """Whether `every` samples have been learned since the last checkpoint."""
        return self.changed and self._since_checkpoint >= every

    def until_due(self, every: int) -> int:
        """How many more samples may be learned before the next checkpoint."""
        return max(every - self._since_checkpoint, 1)

    @property
    def changed(self) -> bool:
        """Whether anything was learned since the last checkpoint."""
        return self._since_checkpoint > 0

    @property
    def settled(self) -> bool:
        """Whether everything that was learned is acknowledged."""
        return not self.changed and len(self._durable) == 2 and self._durable[0] == self._durable[1]

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
        return hash_arrays(self.state() | cursors)

    def checkpoint(self, structure: dict[str, object], wall: float) -> Checkpoint:
        """The next checkpoint. Counts as taken; if it cannot be written, `not_saved` takes that back."""
        self.serial += 1
        self._being_saved, self._since_checkpoint = self._since_checkpoint, 0
        return Checkpoint(
            stream=self.name,
            serial=self.serial,
            structure=structure,
            positions=dict(self.positions),
            engine=self.predictor.engine,
            written_at=wall,
            arrays=self.state() | self._delivery_state(),
        )

    def saved(self, checkpoint: Checkpoint) -> None:
        """A checkpoint is on disk and survives a loss of power."""
        self._durable.append(checkpoint.positions)
        self.checkpoint_at = checkpoint.written_at
        self.accounts.checkpoints += 1
        self.failing = False

    def not_saved(self) -> None:
        """A checkpoint could not be written: nothing is acknowledged."""
        self.accounts.checkpoint_failures += 1
        self._since_checkpoint += self._being_saved
        self.failing = True

    def resume(self, checkpoints: tuple[Checkpoint, ...]) -> None:
        """Take over cursors and scores from the newest of the checkpoints found, newest first."""
        newest = checkpoints[0]
        self.scores.load(_under("scores.", newest.arrays))
        self.positions = dict(newest.positions)
        for epoch in self.positions:
            if arrays := _under(f"delivery.{epoch}.", newest.arrays):
                self.deliveries[epoch] = Delivery()
                self.deliveries[epoch].load(arrays)
            if arrays := _under(f"awaited.{epoch}.", newest.arrays):
                self._awaited_of(epoch).load(arrays)
        self.serial = newest.serial
        self.checkpoint_at = newest.written_at
        self._durable.extend(checkpoint.positions for checkpoint in reversed(checkpoints[:2]))

    def _next(self, most: int) -> tuple[str, Block]:
        """Take queued blocks of one log, joined, up to `most` samples."""
        epoch = self._queue[0][0]
        blocks: list[Block] = []
        while self._queue and self._queue[0][0] == epoch and most > 0:
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
        idle = [past for past in self.positions if past != epoch and past not in queued]
        for forgotten in idle[: max(0, len(self.positions) - PAST_EPOCHS)]:
            del self.positions[forgotten]
            self._received.pop(forgotten, None)
            self.deliveries.pop(forgotten, None)
            self.awaited.pop(forgotten, None)

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

    def _account(self, stepped: Stepped, before: tuple[int, int]) -> None:
        count, correct = self.scores.counts()
        self.accounts.unlabelled += stepped.unlabelled
        self.accounts.learned += stepped.learned
        self.accounts.rejected.update(stepped.rejected)
        self.accounts.predictions += count - before[0]
        self.accounts.correct += correct - before[1]


def _kept(fresh: Block, block: Block) -> Block:
    """What is queued: the block itself, or a copy of the part that is new, so that the rest can be let go."""
    return fresh if len(fresh) == len(block) else fresh.copy()


def _under(prefix: str, arrays: Arrays) -> Arrays:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
