"""The fused engine: the state of one learner in one buffer, and a compiled kernel for its plan."""

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.cpu import vector_lanes
from streamer.learning.engines.fused.compiled import compiled
from streamer.learning.engines.fused.plan import Plan
from streamer.learning.engines.fused.step import SAMPLES, SKIPPED, UPDATES
from streamer.learning.engines.fused.storage import Storage
from streamer.learning.network import Parameters
from streamer.learning.snapshot import Arrays
from streamer.samples import Floats

_COUNTS = {"samples": SAMPLES, "updates": UPDATES, "skipped_updates": SKIPPED}


class FusedEngine:
    """A learner as compiled kernels. `lanes` narrows the vectors; `poison` fills scratch with NaN, for tests."""

    name = "fused"

    def __init__(
        self, settings: LearnerSettings, parameters: Parameters, *, lanes: int | None = None, poison: bool = False
    ) -> None:
        self._plan = Plan.of(settings, lanes or vector_lanes())
        self._storage = Storage(self._plan)
        if poison:
            self._storage.poison()
        self._counts = np.zeros(len(_COUNTS), np.int64)
        self._kernel = compiled(self._plan)
        self._storage["step_size"][:] = settings.step_size
        self._storage["anchoring"][:] = settings.anchoring
        self._set_parameters(parameters)
        self._no_target = np.full(1, np.nan, np.float32)

    def predict(self, x: Floats) -> float:
        """The prediction after x, with nothing changed but scratch."""
        prediction = np.empty(1, np.float32)
        self._kernel(self._storage.address, self._counts, x[None], self._no_target, prediction, False)
        return float(prediction[0])

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """Each sample in turn, in one call."""
        predictions = np.empty(len(ys), np.float32)
        self._kernel(self._storage.address, self._counts, xs, ys, predictions, True)
        return predictions

    def _set_parameters(self, parameters: Parameters) -> None:
        self._storage.write(self._storage["parameters"], parameters)
