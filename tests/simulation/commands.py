"""A person who gives commands at random moments, and what must have become of the stream.

A command that was answered is never undone, whatever dies. One that was not may be in force or not, but wholly.
"""

import random
from dataclasses import dataclass

from streamer.samples import Arrays
from streamer.service.commands import Command, Verb, decode_answer, encode
from streamer.service.stream import Stream
from streamer.sources.source import Source
from tests.service.world import HashChains, World, new_scores

VERBS: tuple[Verb, ...] = ("freeze", "thaw", "reset", "rollback")


@dataclass(slots=True)
class Carried:
    """A command that was carried out, and where."""

    verb: str
    cursor: int
    learner: Arrays
    scores: Arrays
    """What a rollback went back to."""
    answered: bool = False


class Person:
    """Gives one command after the other, and notes what happened: the observer of the daemon's control."""

    def __init__(self, world: World, source: Source, rng: random.Random) -> None:
        self.world = world
        self.source = source
        self.rng = rng
        self.carried: list[Carried] = []
        self.connection = world.commands.connect()
        self._waits = False
        world.observer = self

    def note(self, event: str, **facts: object) -> None:
        if "command" not in facts:
            return
        stream = self.world.loop.streams.existing("s")
        cursor, verb = int(str(facts["next_sequence"])), str(facts["command"])
        self.carried.append(Carried(verb, cursor, stream.predictor.export(), stream.scores.export()))

    def warn(self, event: str, **facts: object) -> None:
        """A command that failed is answered."""

    def turn(self, share: float) -> None:
        """Take an answer; now and then give a command."""
        for [part] in self.connection.receive(0):
            answer, self._waits = decode_answer(part), False
            if not answer.error:
                self.carried[-1].answered = True
        if not self._waits and self.rng.random() < share:
            self._waits = self.connection.send([encode(Command(self.rng.choice(VERBS), "s"))])

    def after_crash(self) -> None:
        """The stream must be where it was, with all commands that were answered and perhaps some that were not."""
        self._waits = False
        self.world.commands.inbox.clear()
        self.connection.inbox.clear()
        answered = 1 + max((at for at, one in enumerate(self.carried) if one.answered), default=-1)
        stream = self.world.loop.streams.find("s")
        if stream is None:
            assert not answered, f"{answered} commands lost with their stream"
            self.carried.clear()
            return
        for count in range(len(self.carried), answered - 1, -1):
            if self._is(stream, self.carried[:count]):
                del self.carried[count:]
                return
        raise AssertionError(f"restored to a state that never was, with {answered} commands answered")

    def check(self) -> None:
        """The stream is where these commands, and nothing else, have brought it."""
        assert self._is(self.world.loop.streams.existing("s"), self.carried), f"not what {self.carried} make"

    def _is(self, stream: Stream, carried: list[Carried]) -> bool:
        cursor = stream.cursor(self.source.epoch)
        if any(one.cursor > cursor for one in carried):
            return False
        return stream.state_hash() == self._undisturbed(carried, cursor).state_hash()

    def _undisturbed(self, carried: list[Carried], cursor: int) -> Stream:
        streams = self.world.new_streams()
        stream = streams.open("s")
        for one in carried:
            self._learn(stream, one.cursor)
            if one.verb == "rollback":
                scores = new_scores()
                scores.load(one.scores)
                stream.replace(HashChains().restore("s", one.learner), scores)
            elif one.verb == "reset":
                streams.reset(stream)
            else:
                stream.frozen = one.verb == "freeze"
        self._learn(stream, cursor)
        return stream

    def _learn(self, stream: Stream, cursor: int) -> None:
        first = stream.cursor(self.source.epoch)
        if cursor > first:
            stream.accept(self.source.epoch, self.source.read(first, cursor - first), 0.0)
            stream.learn(cursor - first)
