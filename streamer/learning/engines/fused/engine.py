"""The fused engine: the state of one learner in one buffer, and a compiled kernel for its plan."""

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.kernels.compiling import Compiled
from streamer.learning.engines.fused.compiled import kernel_of, late_kernel_of
from streamer.learning.engines.fused.counts import CLASSES, SAMPLES, SKIPPED, UPDATES
from streamer.learning.engines.fused.cpu import vector_lanes
from streamer.learning.engines.fused.plan import Plan
from streamer.learning.engines.fused.storage import Storage
from streamer.learning.engines.trail import Trail
from streamer.learning.insight import TRACE, Insight
from streamer.learning.network import Parameters
from streamer.learning.snapshot import part
from streamer.samples import Arrays, Floats, Numbers

_COUNTS = {"samples": SAMPLES, "updates": UPDATES, "skipped_updates": SKIPPED}
_FLOAT32 = np.dtype(np.float32)

Frame = tuple[int, int, int]
"""Addresses: of a kernel, and of the buffer and the counts that it works on."""


class FusedEngine:
    """A learner as compiled kernels. `lanes` narrows the vectors; `poison` fills scratch with NaN, for tests."""

    name = "fused"
    widens_exactly = True

    def __init__(
        self, settings: LearnerSettings, parameters: Parameters, *, lanes: int | None = None, poison: bool = False
    ) -> None:
        self._plan = Plan.of(settings, lanes or vector_lanes())
        self._compiled = kernel_of(self._plan)
        self._kernel = self._compiled.entry
        self._late: Compiled | None = None
        self._storage = Storage(self._plan.sizes, self._plan.sections, self._plan.fields, self._plan.cell_fields)
        self._address = self._storage.address
        self._count_places = _COUNTS | ({"classes": CLASSES} if settings.objective == "softmax" else {})
        self._counts = np.zeros(len(_COUNTS) + 1, np.int64)
        self.outputs = settings.outputs
        """O."""
        self.no_target = np.full((1, settings.targets), np.nan, np.float32)
        """(1, M), no label."""
        self._memory, self._method = self._plan.pieces["memory"], self._plan.pieces["gradient_method"]
        self._schedule, self._optimiser = self._plan.pieces["schedule"], self._plan.pieces["optimiser"]
        self._storage["step_size"][:] = self._storage["step"][:] = settings.step_size
        self._storage["anchoring"][:] = settings.anchoring
        self._memory.prepare(self._storage, settings)
        self._optimiser.prepare(self._storage, settings)
        for name, section in self._parameter_sections().items():
            if name in ("parameters", "initial"):
                self._storage.write(section, parameters)
        self._derive()
        self._traced_from = self._updated_from = 0
        if poison:
            self._storage.poison(self._plan.scratch)

    def predict(self, x: Floats) -> Floats:
        """The prediction (O,) after x, with nothing changed but scratch."""
        prediction = np.empty((1, self.outputs), _FLOAT32)
        self._kernel(self._address, self._counts, x[None], self.no_target, prediction, False)
        return prediction[0]

    def step_many(self, xs: Floats, ys: Floats, trail: Trail | None = None) -> Floats:
        """Each sample in turn, in one call."""
        if trail is not None:
            return self._step_and_leave(xs, ys, trail)
        predictions = np.empty((len(ys), self.outputs), _FLOAT32)
        self._kernel(self._address, self._counts, xs, ys, predictions, True)
        return predictions

    def _step_and_leave(self, xs: Floats, ys: Floats, trail: Trail) -> Floats:
        rows = self.blank_rows(len(ys), trail)
        self._kernel(self._address, self._counts, xs, ys, rows, True)
        return self.split(rows, trail)

    def blank_rows(self, count: int, trail: Trail | None) -> Floats:
        """What the kernel writes of so many samples: (T, O), or with a trail (T, O + H + F)."""
        sizes = self._plan.sizes
        return np.empty((count, sizes.outputs + (sizes.hidden + sizes.features if trail is not None else 0)), _FLOAT32)

    def split(self, rows: Floats, trail: Trail | None) -> Floats:
        """The predictions (T, O) of rows that were written; the rest goes to the trail."""
        if trail is None:
            return rows
        hidden = self.outputs
        inputs = hidden + self._plan.sizes.hidden
        trail.hidden[:], trail.inputs[:] = rows[:, hidden:inputs], rows[:, inputs:]
        return rows[:, :hidden].copy()

    def relearn(self, hidden: Floats, windows: Floats, lengths: Numbers, ys: Floats) -> None:
        """Each label in turn, in one call of a kernel that is compiled at the first."""
        scratch = np.empty(self.outputs, _FLOAT32)
        self._late_compiled().entry(self._address, self._counts, hidden, windows, lengths, ys, scratch)

    def frame(self) -> Frame:
        """Where to find what steps it, for as long as the engine lives."""
        return self._compiled.address, self._address, self._counts.ctypes.data

    def late_frame(self) -> Frame:
        """The same of what relearns."""
        return self._late_compiled().address, self._address, self._counts.ctypes.data

    def counts(self) -> dict[str, int]:
        """Samples, updates and skipped updates of the learner's life, and with softmax the classes."""
        return {name: int(self._counts[place]) for name, place in self._count_places.items()}

    def insight(self) -> Insight:
        """Norms, and the last hidden states."""
        sizes, now = self._plan.sizes, int(self._counts[SAMPLES])
        steps = np.arange(max(self._traced_from, now - TRACE), now) % TRACE
        hidden = self._storage["trace"][: TRACE * sizes.units].reshape(TRACE, sizes.units)[steps, : sizes.hidden]
        learned = self._counts[UPDATES] + self._counts[SKIPPED] > self._updated_from
        gradient = np.sqrt(self._storage["gradient_square"][0]) if learned else np.nan
        weights = np.linalg.norm(self._storage["parameters"][: self._plan.parameter_count])
        return Insight(float(gradient), float(weights), hidden)

    def export(self) -> Arrays:
        """Copies of all state; not of what is derived from it."""
        arrays: Arrays = {f"counts.{name}": np.array(value) for name, value in self.counts().items()}
        for prefix, section in self._parameter_sections().items():
            arrays |= {f"{prefix}.{name}": array for name, array in self._storage.read(section).items()}
        arrays |= self._memory.export(self._storage) | self._schedule.export(self._storage)
        arrays |= self._optimiser.export(self._storage)
        return arrays | self._method.export(self._storage, self._length())

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        for name, place in self._count_places.items():
            self._counts[place] = arrays[f"counts.{name}"]
        for prefix, section in self._parameter_sections().items():
            self._storage.write(section, part(arrays, prefix))
        self._memory.restore(self._storage, arrays)
        self._method.restore(self._storage, arrays)
        self._schedule.restore(self._storage, arrays)
        self._optimiser.restore(self._storage, arrays)
        self._derive()
        self._traced_from, self._updated_from = (
            int(self._counts[SAMPLES]),
            int(self._counts[UPDATES] + self._counts[SKIPPED]),
        )

    def _late_compiled(self) -> Compiled:
        if self._late is None:
            self._late = late_kernel_of(self._plan)
        return self._late

    def _length(self) -> int:
        """Past inputs in the window."""
        return min(int(self._counts[SAMPLES]), self._plan.constants["rows"] - 1)

    def _parameter_sections(self) -> dict[str, Floats]:
        """Prefix of the public names → section, of those that hold a number for each parameter."""
        pieces = self._plan.pieces
        return (
            {"parameters": self._storage["parameters"]}
            | {name: self._storage[name] for name in pieces["anchor"].STATE}
            | {f"optimiser.{name}": self._storage[name] for name in pieces["optimiser"].STATE}
        )

    def _derive(self) -> None:
        """Make anew what the cell keeps beside its parameters."""
        self._plan.pieces["cell"].derive(self._storage)
