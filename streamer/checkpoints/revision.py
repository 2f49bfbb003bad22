"""A stream's next checkpoint after a command, made from its files alone: what a daemon does in memory, without one.

The cursors stay in all of them: what was learned of a log, or was not, is not asked for again. Samples that await a
label go with the learner that predicted them: to another, their numbers are those of other samples.
"""

from dataclasses import replace

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.samples import Arrays

_LEARNED = ("learner.", "scores.")
_AWAITED = "awaited."


def frozen(newest: Checkpoint, is_frozen: bool) -> Checkpoint:
    """Predict without learning from here on, or learn again."""
    return replace(newest, frozen=is_frozen)


def begun_anew(newest: Checkpoint) -> Checkpoint:
    """Without learner and scores: the daemon that takes it up makes new ones, of its settings and seed."""
    return replace(newest, arrays=_of_logs(newest))


def rolled_back(newest: Checkpoint, older: Checkpoint) -> Checkpoint:
    """With the learner and scores of an older one."""
    learned = {name: array for name, array in older.arrays.items() if name.startswith(_LEARNED)}
    return replace(
        newest, structure=older.structure, engine=older.engine, build=older.build, arrays=_of_logs(newest) | learned
    )


def _of_logs(checkpoint: Checkpoint) -> Arrays:
    return {name: array for name, array in checkpoint.arrays.items() if not name.startswith((*_LEARNED, _AWAITED))}
