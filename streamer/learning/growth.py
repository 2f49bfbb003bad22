"""A network with more inputs than before: what it has learned stays, and new inputs start from their own draws.

For rows whose new inputs are 0 the wider network predicts what the narrower one did.
"""

from collections.abc import Iterator

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.errors import IncompatibleError
from streamer.learning.kalman import NODES, widened_nodes
from streamer.learning.memory import feature_count
from streamer.samples import Arrays, Floats, Numbers


def kept_features(before: LearnerSettings, after: LearnerSettings) -> Numbers:
    """Where each of the F features of before is among the features of after.

    Memories lay them out as blocks with a place for each input: x; the taps, x_{t−1} first; Re u and Im u, in which
    each input has m neighbouring places.

    >>> kept_features(LearnerSettings(inputs=2, memory="none"), LearnerSettings(inputs=3, memory="none")).tolist()
    [0, 1]
    >>> few, more = (LearnerSettings(inputs=n, memory="taps", memory_size=2) for n in (1, 3))
    >>> kept_features(few, more).tolist()
    [0, 3, 6]
    """
    if before.bank != after.bank or before.inputs > after.inputs:
        raise IncompatibleError(
            "a network cannot be widened to this",
            got=f"{after.inputs} inputs, memory {after.bank}",
            expected=f"at least {before.inputs} inputs, memory {before.bank}",
        )
    m = after.memory_size
    blocks = {"none": [1], "taps": [1] * (1 + m), "ring": [1, m, m]}[after.bank]
    starts = after.inputs * np.cumsum([0, *blocks[:-1]])
    return np.concatenate(
        [start + np.arange(before.inputs * places) for start, places in zip(starts, blocks, strict=True)]
    )


def widened_rows(rows: Floats, before: LearnerSettings, after: LearnerSettings) -> Floats:
    """(…, F) → (…, F'): rows of features, those of the new inputs 0."""
    wide = np.zeros((*rows.shape[:-1], feature_count(after)), rows.dtype)
    wide[..., kept_features(before, after)] = rows
    return wide


def widened(arrays: Arrays, before: LearnerSettings, after: LearnerSettings, seed: int) -> Arrays:
    """An engine's arrays for the settings `before` → for those `after`, which differ in having more inputs.

    New columns of W get first values, weights and initial weights alike; what else is new, in the optimiser, the window
    and the memory, is 0, but for the variances that a Kalman filter begins with. IncompatibleError if the settings have
    fewer inputs, or another memory.
    """
    kept_features(before, after)
    new = {place: column for at in range(before.inputs, after.inputs) for place, column in _columns(at, after, seed)}
    return {name: _widened(name, array, before, after, new) for name, array in arrays.items()}


def _columns(at: int, settings: LearnerSettings, seed: int) -> Iterator[tuple[int, Floats]]:
    """Place and first values (3, H) of the columns of W that an input brings, Glorot-uniform.

    They depend on the input's own number and on nothing else: by how many steps a network has grown must not matter.
    """
    with_it = settings.model_copy(update={"inputs": at + 1})
    own = np.setdiff1d(np.arange(feature_count(with_it)), _places(at, with_it))
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1, at)))
    bound = np.sqrt(6 / (feature_count(with_it) + settings.hidden))
    values = rng.uniform(-bound, bound, (len(own), 3, settings.hidden)).astype(np.float32)
    return zip(kept_features(with_it, settings)[own].tolist(), values, strict=True)


def _places(inputs: int, after: LearnerSettings) -> Numbers:
    """Where the features of the first inputs are among those after; none of none."""
    return kept_features(after.model_copy(update={"inputs": inputs}), after) if inputs else np.empty(0, np.int64)


def _widened(
    name: str, array: Floats, before: LearnerSettings, after: LearnerSettings, new: dict[int, Floats]
) -> Floats:
    kind, _, rest = name.partition(".")
    if name.startswith("optimiser.covariance.") and rest.removeprefix("covariance.") in NODES:
        return widened_nodes(array, kept_features(before, after), feature_count(after))
    if kind == "memory":
        return _more_inputs(array, 1 if rest == "taps" else 0, after.inputs)
    if name != "window.inputs" and not name.endswith(".W"):
        return array
    wide = widened_rows(array, before, after)
    if kind in ("parameters", "initial"):
        for place, column in new.items():
            wide[..., place] = column
    return wide


def _more_inputs(array: Floats, axis: int, inputs: int) -> Floats:
    """Zeros behind the last input along an axis."""
    missing = [(0, inputs - size if at == axis else 0) for at, size in enumerate(array.shape)]
    return np.pad(array, missing)
