"""Networks that step side by side: one compiled call for all of them."""

from collections.abc import Sequence

import numpy as np

from streamer.learning.engines.engine import Engine
from streamer.learning.engines.several import Several, make_several
from streamer.learning.recurrent import Recurrent, cuts
from streamer.samples import Floats


class Together:
    """Bit for bit what each of the networks would do on its own."""

    def __init__(self) -> None:
        self._engines: tuple[Engine, ...] = ()
        self._several: Several = make_several(())

    def step(self, networks: Sequence[Recurrent], rows: Floats, ys: Floats) -> list[Floats]:
        """(T, F), (T,) → what each predicts."""
        awaited = np.isnan(ys)
        parts = []
        for part in cuts(awaited, active=all(network.late.active for network in networks)):
            begun = [network.begin(rows[part], ys[part], awaited[part]) for network in networks]
            xs, targets = [own.prepared.features for own in begun], [own.prepared.targets for own in begun]
            outputs = self._of(networks).step_many(xs, targets, [own.trail for own in begun])
            each = zip(networks, begun, outputs, strict=True)
            parts.append([network.end(own, output) for network, own, output in each])
        return [np.concatenate(own) for own in zip(*parts, strict=True)]

    def peek(self, networks: Sequence[Recurrent], row: Floats) -> list[Floats]:
        """(1, F) → what each would predict; nothing changes."""
        if any(network.width != row.shape[1] for network in networks):
            return [network.peek(row) for network in networks]
        prepared = [network.foresee(row) for network in networks]
        outputs = self._of(networks).predict([own.features[0] for own in prepared])
        each = zip(networks, outputs, prepared, strict=True)
        return [network.outcome.show(output[None], own.offers) for network, output, own in each]

    def label(self, networks: Sequence[Recurrent], numbers: Sequence[int], ys: Floats) -> None:
        """The target (1,) of a sample, whose number each counts for itself, to those that await it."""
        waiting = [own for own in zip(networks, numbers, strict=True) if not own[0].late.objection(own[1])]
        if waiting:
            recalled = [network.recall(number, ys) for network, number in waiting]
            several = self._of([network for network, _ in waiting])
            several.relearn(*(list(own) for own in zip(*recalled, strict=True)))

    def _of(self, networks: Sequence[Recurrent]) -> Several:
        """Their engines, which are others once a network has grown or was taken back."""
        engines = tuple(network.engine for network in networks)
        if engines != self._engines:
            self._engines, self._several = engines, make_several(engines)
        return self._several
