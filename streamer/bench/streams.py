"""The streams of `bench real`: the data that come with River, the synthetic tasks, and somebody's own file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from streamer.bench.river import DATA_SETS, DataSet
from streamer.bench.scoring import Answers, Kind, answers_of
from streamer.bench.suite import SUITE, Trial
from streamer.columns import PLAIN, Schema
from streamer.errors import DataError, Fault, SettingsError
from streamer.samples import Block, Floats
from streamer.sources.river import RiverSource
from streamer.sources.tables.badrows import BadRows
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tables.source import TableSource
from streamer.sources.tasks import TaskSource

MAX_CLASSES = 64
"""That a committee can have."""
USUAL_CLASSES = 16
TASK_SAMPLES = 4_000
"""At least: by then what the first few cost no longer counts for all."""


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """Samples by their seed, and what is known of them beforehand."""

    name: str
    kind: Kind
    block: Callable[[int], Block]
    """The samples for a seed; a table has the same ones for all."""
    schema: Schema = PLAIN
    """None for a synthetic task: its inputs have no names."""
    periods: tuple[int, ...] = ()
    """Steps after which it is said to repeat itself."""
    classes: int = USUAL_CLASSES

    def head(self, samples: int | None) -> "Stream":
        """No more than its first samples; all for None."""
        return self if samples is None else replace(self, block=lambda seed: self.block(seed).head(samples))

    def answers(self, block: Block) -> Answers:
        """The targets as they are scored."""
        return answers_of(self.kind, block.targets)


Opener = Callable[[], Stream]


def known() -> dict[str, Opener]:
    """How the bundled streams are had, by name."""
    bundled: dict[str, Opener] = {data.name: partial(_bundled, data) for data in DATA_SETS}
    return bundled | {trial.task: partial(_task, trial) for trial in SUITE}


def chosen(names: Sequence[str]) -> dict[str, Opener]:
    """The named streams; all for no name. SettingsError for a name that none of them has."""
    found = known()
    unknown = [name for name in names if name not in found]
    if unknown:
        raise SettingsError([Fault("--stream", f"got {name!r}", f"use one of {', '.join(found)}") for name in unknown])
    return {name: opener for name, opener in found.items() if name in names or not names}


def of_file(
    path: str,
    mapping: Mapping,
    kind: Kind | None = None,
    periods: tuple[int, ...] = (),
    bad_rows: BadRows | None = None,
) -> Stream:
    """A file's rows; the kind of target is found from the data unless it is said.

    DataError for a file that cannot be taken as it is: no target, no label, or targets of another kind.
    """
    source = TableSource(path, mapping, bad_rows)
    if source.layout.target is None:
        names = ", ".join(source.schema.names)
        raise DataError(
            "nothing is to be predicted", file=path, expected=f"one of {names}", remedy="give --target COLUMN"
        )
    block, column = source.read(0, source.length), source.layout.target_name
    values = np.unique(block.targets[~np.isnan(block.targets)])
    if not len(values):
        raise DataError("no row has a target", file=path, column=column, remedy="name another column with --target")
    texts = source.schema.target == "category"
    found = kind or ("multiclass" if texts else "binary" if _is_binary(values) else "regression")
    _check_kind(found, values, path, column, texts=texts)
    classes = max(USUAL_CLASSES, len(values)) if found == "multiclass" else USUAL_CLASSES
    return Stream(Path(path).name or path, found, lambda seed: block, source.schema, periods, classes)


def _bundled(data: DataSet) -> Stream:
    source = RiverSource(data.name)
    block = source.read(0, data.most or source.length)
    return Stream(data.name, data.kind, lambda seed: block, source.schema, data.periods)


def _task(trial: Trial) -> Stream:
    samples = max(trial.samples, TASK_SAMPLES)
    return Stream(trial.task, "binary", lambda seed: TaskSource(trial.task, seed).read(0, samples))


def _is_binary(values: Floats) -> bool:
    return bool(np.isin(values, (0, 1)).all())


def _check_kind(kind: Kind, values: Floats, path: str, column: str | None, *, texts: bool) -> None:
    """`values` are the different targets."""
    if texts and kind != "multiclass":
        raise DataError("the targets are texts", file=path, column=column, got=f"--task {kind}", expected="multiclass")
    if kind == "binary" and not _is_binary(values):
        got = ", ".join(f"{value:g}" for value in values[:5]) + (", …" if len(values) > 5 else "")
        remedy = "leave --task out, or write --task multiclass"
        raise DataError("targets of another kind", file=path, column=column, got=got, expected="0 and 1", remedy=remedy)
    if kind == "multiclass" and len(values) > MAX_CLASSES:
        expected = f"at most {MAX_CLASSES}"
        raise DataError("too many classes", file=path, column=column, got=f"{len(values):,}", expected=expected)
