"""Makes the golden file of the newest format: a small stream after 60 samples. Run once for each format.

    python -m tests.checkpoints.golden_file

A file that is there is never written again: it is what a release wrote.
"""

from pathlib import Path

from streamer.app.predictors import LearnerFactory
from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.format import FORMAT, dump
from streamer.config.settings import LearnerSection
from streamer.evaluation.binary import BinaryScores
from streamer.service.stream import Stream
from streamer.service.streams import Streams
from streamer.sources.bits import BitSource

FOLDER = Path(__file__).parent / "golden"
SETTINGS = LearnerSection(hidden=4, truncation=2, engine="fused")
SAMPLES = 60


def streams() -> Streams:
    factory = LearnerFactory(SETTINGS, seed=0, label_horizon=8)
    factory.warm_up()
    return Streams(
        factory,
        lambda schema: BinaryScores(window=50, fading=0.99),
        structure={f"learner.{name}": value for name, value in SETTINGS.structure().items()}
        | {"scores.window": 50, "scores.fading": 0.99},
        build=factory.build(),
        limit=1,
        label_horizon=8,
    )


def learned(stream: Stream) -> Stream:
    """The stream after so many samples of the puzzle."""
    source = BitSource(seed=1)
    stream.deliver(source.epoch, 0)
    stream.accept(source.epoch, source.read(0, SAMPLES), 0.0)
    stream.learn(SAMPLES)
    return stream


def checkpoint() -> Checkpoint:
    fresh = streams()
    stream = learned(fresh.open("golden"))
    stream.durable.serial = 2
    return stream.checkpoint(fresh.structure, fresh.build, 1e9)


if __name__ == "__main__":
    with (FOLDER / f"{FORMAT}.ckpt").open("xb") as file:
        file.write(dump(checkpoint()))
