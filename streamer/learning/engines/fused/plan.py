"""A plan is what a kernel is compiled for: the sizes, the pieces, and where each section of the buffer begins."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.layout import Field, Sizes
from streamer.learning.engines.fused.pieces import PIECES
from streamer.learning.insight import TRACE
from streamer.learning.memory import feature_count

_SIZES = ("lanes", "inputs", "features", "hidden", "truncation", "memory_size", "outputs", "targets")


@dataclass(frozen=True)
class Plan:
    """Equal plans share a kernel. Pickled with it in the compile cache, so it holds plain values only."""

    sizes: Sizes
    choices: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, settings: LearnerSettings, lanes: int) -> "Plan":
        """The plan for these settings on a CPU with vectors of `lanes` floats."""
        sizes = Sizes(
            lanes,
            settings.inputs,
            feature_count(settings),
            settings.hidden,
            settings.truncation,
            settings.memory_size,
            settings.outputs,
            settings.targets,
        )
        choices = {
            "cell": settings.cell,
            "memory": settings.bank,
            "gradient_method": settings.gradient,
            "optimiser": settings.optimiser,
            "anchor": "initial" if settings.anchoring > 0 else "none",
            "schedule": "annealed" if settings.annealed else "constant",
        } | _readout(settings)
        return cls(sizes, tuple(choices.items()))

    @property
    def lanes(self) -> int:
        """N, the floats of a vector."""
        return self.sizes.lanes

    @cached_property
    def digest(self) -> str:
        """A short name for symbols."""
        return hashlib.sha256(repr((self.sizes, self.choices)).encode()).hexdigest()[:12]

    @cached_property
    def pieces(self) -> dict[str, ModuleType]:
        """Kind of piece → its file."""
        return {kind: PIECES[kind][name] for kind, name in self.choices}

    @cached_property
    def cell_fields(self) -> list[Field]:
        """The cell's parameters, in the order of the buffer."""
        return list(self.pieces["cell"].fields(self.sizes))

    @cached_property
    def fields(self) -> list[Field]:
        """All parameters in the order of the buffer: the head's, then the cell's."""
        return [*self.pieces["head"].fields(self.sizes), *self.cell_fields]

    @cached_property
    def sections(self) -> dict[str, range]:
        """Name → where in the buffer, in its order; each begins at a whole vector and ends with a spare one."""
        sections, end = {}, 0
        for name, count in (self._state() | self._scratch()).items():
            sections[name] = range(end, end + count)
            # the margin of U must follow the parameters at once; copies in whole vectors overrun any other section
            end += count if name == "parameters" else self.sizes.padded(count) + self.sizes.lanes
        return sections

    @cached_property
    def scratch(self) -> list[str]:
        """The sections that hold nothing between two samples."""
        return list(self._scratch())

    @cached_property
    def constants(self) -> dict[str, int]:
        """What a kernel may read of `net` as an integer."""
        cell, method = self.pieces["cell"], self.pieces["gradient_method"]
        sizes = {name: getattr(self.sizes, name) for name in _SIZES}
        offsets = {name: section.start for name, section in self.sections.items()}
        return (
            sizes
            | offsets
            | self.places
            | {
                "units": self.sizes.units,
                "parameters": self.parameter_count,
                "cell_parameters": self.places[self.cell_fields[0].name],
                "record": cell.RECORD * self.sizes.units,
                "slopes": cell.SLOPES * self.sizes.units,
                "rows": method.rows(self.sizes),
                "front": offsets[method.FRONT],
            }
        )

    @cached_property
    def places(self) -> dict[str, int]:
        """Parameter → where it begins in a section that holds a number for each."""
        places, end = {}, 0
        for field in self.fields:
            places[field.name] = end
            end += field.count(self.sizes)
        return places

    @property
    def parameter_count(self) -> int:
        """P, padding included."""
        return sum(field.count(self.sizes) for field in self.fields)

    def _state(self) -> dict[str, int]:
        pieces, sizes, P = self.pieces, self.sizes, self.parameter_count
        state = {"parameters": P} | pieces["cell"].state(sizes)
        state |= pieces["optimiser"].state(sizes)
        state |= dict.fromkeys((*pieces["optimiser"].STATE, *pieces["anchor"].STATE), P)
        state |= {"step_size": 1, "step": 1, "anchoring": 1} | pieces["schedule"].STATE
        state |= pieces["memory"].state(sizes) | pieces["gradient_method"].state(sizes, pieces["cell"])
        return state | {"trace": TRACE * sizes.units, "gradient_square": 1}

    def _scratch(self) -> dict[str, int]:
        method, cell = self.pieces["gradient_method"], self.pieces["cell"]
        outputs = dict.fromkeys(("logits", "predictions", "output_slopes"), self.sizes.padded(self.sizes.outputs))
        return (
            {"gradient": self.parameter_count}
            | outputs
            | self.pieces["optimiser"].scratch(self.sizes)
            | method.scratch(self.sizes, cell)
            | self._late()
        )

    def _late(self) -> dict[str, int]:
        """A window's inputs, records and slopes, for labels that come late."""
        K, cell = self.sizes.truncation, self.pieces["cell"]
        return {
            "late_window": K * self.sizes.features,
            "late_records": (K + 1) * cell.RECORD * self.sizes.units,
            "late_deltas": K * cell.SLOPES * self.sizes.units,
        }


def _readout(settings: LearnerSettings) -> dict[str, str]:
    """The pieces between the hidden state and the loss: for one number, for several apart, for several as a whole."""
    if settings.outputs == 1:
        return {"head": "single", "loss": settings.objective}
    if settings.objective in PIECES["loss"]:
        return {"head": "several", "objective": "each", "loss": settings.objective}
    return {"head": "several", "objective": settings.objective}
