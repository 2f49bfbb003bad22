"""A whole daemon and its producers in one thread, without a socket, a disk or a clock of the machine's."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from streamer.checkpoints.store import CheckpointStore
from streamer.client.feed import Feed, Phase, Plan
from streamer.client.log import ReplayLog
from streamer.clock import FakeClock
from streamer.columns import PLAIN, Schema
from streamer.config.learner import LearnerSettings
from streamer.evaluation.binary import BinaryScores
from streamer.evaluation.scores import Scores
from streamer.filesystem.memory import MemoryFileSystem
from streamer.filesystem.seam import FileSystem
from streamer.learning.fitting import Objection, objection
from streamer.learning.predictor import Predictor, PredictorFactory
from streamer.learning.standing import ALONE, Standings
from streamer.samples import Arrays, Floats, Numbers
from streamer.service.access import Access, OpenAccess
from streamer.service.control import Control
from streamer.service.daemon import Daemon
from streamer.service.loop import Loop
from streamer.service.observer import Observer, Unobserved
from streamer.service.reception import Reception
from streamer.service.reloading import Reloaded, Reloading
from streamer.service.sessions import Sessions
from streamer.service.streams import Streams
from streamer.service.supervision import Supervision
from streamer.service.writer import InlineWriter, Saving, Writer
from streamer.sources.bits import BitSource
from streamer.sources.source import Source
from streamer.telemetry.record import Board, StreamRecord
from streamer.transport.memory import MemoryConnection, MemoryListener, MemorySubscription
from streamer.wire.frames import decode

TURN_SECONDS = 0.05


class HashChain:
    """Stands in for a learner: its state is a hash of everything that it was given, in order.

    `standings`: of the committee that it claims to be.
    """

    engine = "chain"

    prediction_width = columns = 1
    takes_missing = False
    classes: tuple[float, ...] = ()
    schema = PLAIN

    def __init__(self, standings: Standings = ALONE) -> None:
        self.link = b"\0" * 32
        self.samples = 0
        self._standings = standings

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        return np.asarray(np.isnan(ys) | (ys == 0) | (ys == 1))

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        predictions = []
        for x, y in zip(xs, ys, strict=True):
            predictions.append(self.link[0] / 255)
            self.link = hashlib.sha256(self.link + x.tobytes() + y.tobytes()).digest()
        self.samples += len(xs)
        return np.array(predictions, np.float32)

    def label_many(self, numbers: Numbers, ys: Floats) -> None:
        for number, y in zip(numbers, ys, strict=True):
            self.link = hashlib.sha256(self.link + number.tobytes() + y.tobytes()).digest()

    def objection(self, inputs: int, schema: Schema) -> Objection | None:
        return objection(LearnerSettings(), None, inputs, schema)

    def arrange(self, schema: Schema) -> Numbers:
        return np.arange(1)

    def facts(self) -> dict[str, Any]:
        return {}

    def export(self) -> Arrays:
        return {"link": np.frombuffer(self.link, np.uint8), "samples": np.array(self.samples)}

    def counters(self) -> dict[str, int]:
        return {"samples": self.samples, "skipped_updates": 0}

    def relieve(self, microseconds: float, *, waiting: bool) -> None:
        pass

    def standings(self) -> Standings:
        return self._standings

    def insight(self) -> None:
        return None


class HashChains:
    def __init__(self, standings: Standings = ALONE) -> None:
        self._standings = standings

    def objection(self, inputs: int, schema: Schema) -> Objection | None:
        return objection(LearnerSettings(), None, inputs, schema)

    def create(self, stream: str, schema: Schema) -> Predictor:
        return HashChain(self._standings)

    def restore(self, stream: str, arrays: Arrays) -> Predictor:
        chain = HashChain(self._standings)
        chain.link, chain.samples = arrays["link"].tobytes(), int(arrays["samples"])
        return chain


def new_scores() -> Scores:
    return BinaryScores(window=100, fading=0.99)


class World:
    """One daemon, which may be killed and booted, and what it has on disk."""

    def __init__(
        self,
        files: FileSystem | None = None,
        *,
        interval_seconds: float = 0.5,
        window: int = 64,
        limit: int = 4,
        label_horizon: int = 32,
        access: Access | None = None,
        predictors: PredictorFactory | None = None,
        default_label: float | None = None,
    ) -> None:
        self.files = files or MemoryFileSystem()
        self.clock = FakeClock()
        self.listener = MemoryListener()
        self.board = Board()
        self.interval_seconds = interval_seconds
        self.window = window
        self.limit = limit
        self.label_horizon = label_horizon
        self.default_label = default_label
        self.predictors: PredictorFactory = predictors or HashChains()
        self.build = {"numpy": "2"}
        self.accept_gap = False
        self.commands = MemoryListener()
        self.observer: Observer = Unobserved()
        self.new_writer: Callable[[Saving], Writer] = InlineWriter
        self.access = access or OpenAccess()
        self.reloading = Reloading(Reloaded, Unobserved())
        self.supervision = Supervision()
        self.warnings: Mapping[str, int] = {}
        self._ids = count(1000)
        self.incarnations = count(1)
        self.boot()

    def boot(self) -> None:
        """Start a daemon on what is on disk. Frames of before that are still under way will reach it."""
        streams = self.new_streams()
        sessions = Sessions(lambda: next(self._ids), silence_seconds=10)
        reception = Reception(
            streams,
            sessions,
            Unobserved(),
            self.access,
            inputs=1,
            window=self.window,
            accept_gap=self.accept_gap,
        )
        self.loop = Loop(streams, sessions, reception, Unobserved(), interval_seconds=self.interval_seconds)
        self.store = CheckpointStore(self.files, "checkpoints", keep=3)
        self.store.prepare()
        self.subscription = MemorySubscription()
        self.daemon = Daemon(
            self.loop,
            self.listener,
            self.store,
            self.clock,
            self.board,
            self.observer,
            writer=self.new_writer(self.store.save),
            control=Control(self.loop, self.store, self.commands, self.observer),
            reloading=self.reloading,
            subscription=self.subscription,
            supervision=self.supervision,
            warnings=self.warnings,
        )
        self.daemon.restore()

    def new_streams(self) -> Streams:
        """What a daemon has before it has seen anything."""
        return Streams(
            self.predictors,
            lambda schema: new_scores(),
            structure={"learner.hidden": 3},
            build=self.build,
            limit=self.limit,
            label_horizon=self.label_horizon,
            default_label=self.default_label,
        )

    def kill(self) -> None:
        """The machine loses power and the daemon with it, then both come back."""
        assert isinstance(self.files, MemoryFileSystem)
        self.files.crash()
        self.boot()

    def turn(self, *producers: "Producer") -> None:
        """Everyone does once what is due."""
        for producer in producers:
            producer.send()
        self.daemon.turn()
        for producer in producers:
            producer.receive()
        self.clock.advance(TURN_SECONDS)

    def run(self, *producers: "Producer", turns: int = 2000) -> None:
        """Turn until every producer is done."""
        for _ in range(turns):
            if all(producer.done for producer in producers):
                return
            self.turn(*producers)
        raise AssertionError(f"not done after {turns} turns: {[producer.feed.learned for producer in producers]}")

    def state_hash(self, stream: str = "s") -> str:
        return self.loop.streams.existing(stream).state_hash()

    def record(self, stream: str = "s") -> StreamRecord:
        """What would be published now."""
        self.clock.advance(1)
        self.daemon.turn()
        return next(record for record in self.board.record.streams if record.name == stream)


class Producer:
    """A feed on a connection of the world's network."""

    def __init__(self, world: World, source: Source | None = None, plan: Plan | None = None, *, key: str = "") -> None:
        self.world = world
        self.source = source or BitSource(seed=1)
        self.plan = plan or Plan("s", batch=7, samples=300)
        self.connection: MemoryConnection = world.listener.connect(key)
        self.feed = Feed(ReplayLog(self.source, self.plan.samples), self.plan, incarnation=next(world.incarnations))

    def restart(self, **changes: object) -> "Producer":
        """The same program, started anew."""
        return Producer(self.world, self.source, replace(self.plan, **changes))  # type: ignore[arg-type]

    @property
    def done(self) -> bool:
        return self.feed.phase is Phase.DONE

    def send(self) -> None:
        for parts in self.feed.due(self.world.clock.monotonic()):
            self.connection.send(parts)

    def receive(self) -> None:
        for parts in self.connection.receive(0):
            self.feed.receive(*decode(parts), self.world.clock.monotonic())
