"""What becomes of each message of a PUB feed: best effort, without I/O. Nothing is asked for again, nothing waits.

What is refused is counted by reason, and its numbers are missing. A sample that is late is not learned: to a net that
learns from the order of its inputs, two samples in the wrong places do more harm than one that is not there.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from streamer.columns import PLAIN
from streamer.errors import FrameError
from streamer.samples import Block
from streamer.service.following import Following, epoch_of
from streamer.service.observer import Observer
from streamer.service.sessions import Sessions
from streamer.service.stream import Stream
from streamer.service.streams import Streams
from streamer.wire.publication import Publication, decode_publication


class Subscriber:
    """Takes messages of feeds."""

    def __init__(self, streams: Streams, sessions: Sessions, observer: Observer, *, inputs: int, window: int) -> None:
        self._streams = streams
        self._sessions = sessions
        self._observer = observer
        self._inputs = inputs
        self._window = window
        self.refused: Counter[str] = Counter()

    def receive(self, feed: str, parts: Sequence[bytes], now: float) -> None:
        """Take one message of the feed at an address."""
        try:
            publication = decode_publication(parts, self._inputs)
            stream = self._stream(publication.stream, feed, now)
        except FrameError as error:
            self.refused[error.reason] += 1
            self._observer.warn("publication refused", path=feed, reason=error.reason, why=str(error))
            return
        self._take(stream, epoch_of(stream.name, feed), publication, now)

    def _stream(self, name: str, feed: str, now: float) -> Stream:
        """The stream that a feed may feed; FrameError if it may not."""
        if not self._streams.has_room_for(name):
            raise FrameError(
                "one stream too many",
                reason="streams",
                got=name,
                expected=f"at most {self._streams.limit}",
                remedy="raise streams.limit",
            )
        if objection := self._streams.objection(name, self._inputs, PLAIN):
            raise FrameError(objection.words, reason=objection.reason, got=name)
        heard_before = self._sessions.feed(name, now) is not None
        if not self._sessions.follow(name, feed, now):
            raise FrameError("a producer or another feed is feeding this stream", reason="held", got=name)
        if not heard_before:
            self._observer.note("feed joined", stream=name, feed=feed)
        return self._streams.open(name)

    def _take(self, stream: Stream, epoch: str, publication: Publication, now: float) -> None:
        following = stream.followings.setdefault(epoch, Following())
        block = publication.block
        if publication.numbered:
            block = self._new(stream, following, block)
        room = max(self._window - stream.queued, 0)
        if len(block) > room:
            stream.accounts.rejected["overrun"] += len(block) - room
            self._observer.warn("feed faster than the learner", stream=stream.name)
            block = block.head(room)
        if not len(block):
            return
        own = stream.received(epoch)
        if publication.numbered:
            following.took(own, block.first, len(block))
        stream.accept(epoch, _renumbered(block, own, following), now)

    def _new(self, stream: Stream, following: Following, block: Block) -> Block:
        """What is new of a block by its numbers; the rest is counted."""
        arrival = following.arrive(block.first, block.end)
        accounts = stream.accounts
        accounts.missing += arrival.missing
        accounts.duplicate += arrival.duplicate
        for reason, count in (("late", arrival.late), ("stale", arrival.stale)):
            if count:
                accounts.rejected[reason] += count
        if arrival.missing:
            self._observer.warn("samples of a feed are missing", stream=stream.name, before=block.first)
        if arrival.anew:
            self._observer.warn("feed begun anew", stream=stream.name, at=arrival.fresh)
        return block.since(arrival.fresh)


def _renumbered(block: Block, own: int, following: Following) -> Block:
    """A block by our numbers. A label of what was not taken names itself, which no label can: it is refused later."""
    if block.of is None:
        return Block(own, block.inputs, block.targets)
    of = block.of.copy()
    for at in np.flatnonzero(block.labels()):
        sample = following.own_number(int(of[at]))
        of[at] = own + at if sample is None else sample
    return Block(own, block.inputs, block.targets, of)
