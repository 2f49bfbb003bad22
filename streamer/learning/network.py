"""What the parameters are: their names, shapes and first values, the same numbers for every engine.

The network is a GRU in its reset-after form with a linear head (Cho et al. 2014; the form of cuDNN):

    r = σ(W_r x + U_r h + b_r)               reset gate
    z = σ(W_z x + U_z h + b_z)               update gate
    n = tanh(W_n x + b_n + r ⊙ (U_n h + c))  candidate
    h' = (1 − z) ⊙ n + z ⊙ h                 hidden state
    output = v · h' + a                      head, for each output

One bias for r and one for z: a second one, as some libraries have, would take a second optimiser step.
"""

import numpy as np
import numpy.typing as npt

from streamer.samples import Floats

Parameters = dict[str, Floats]

RESET, UPDATE, CANDIDATE = range(3)
"""The order of the gates along the first axis of W, U and b."""

INPUT_LIMIT = 1e6
"""Inputs are clipped to ±this: beyond it, float32 sums over saturated gates could overflow to NaN."""

LOG_VARIANCE_LIMIT = 7.0
"""A learned log-variance is held within ±this: 0.03 to 33 standard deviations of a standardised target."""


def shapes(inputs: int, hidden: int, outputs: int = 1) -> dict[str, tuple[int, ...]]:
    """Name → shape of each parameter, in their fixed order; P = 3H(I+H) + 4H and the head's O (H + 1).

    With one output the head has no axis for it.

    >>> sum(int(np.prod(shape)) for shape in shapes(1, 16).values())
    897
    >>> shapes(1, 16, outputs=3)["v"]
    (3, 16)
    """
    several = () if outputs == 1 else (outputs,)
    return {
        "W": (3, hidden, inputs),
        "U": (3, hidden, hidden),
        "b": (3, hidden),
        "c": (hidden,),
        "v": (*several, hidden),
        "a": several,
    }


def initialise(inputs: int, hidden: int, seed: int, outputs: int = 1) -> Parameters:
    """The first parameters of a seed, float32.

    W Glorot-uniform per gate, U orthogonal per gate, biases 0 but b_z = −1 (the state forgets at first, so that the
    first gradients reach the inputs), v uniform in ±1/√H, a = 0.

    >>> float(initialise(1, 4, seed=0)["b"].sum())
    -4.0
    """
    # A branch of the seed of its own: a stream that is drawn from the same seed must not share its numbers.
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
    bound = np.sqrt(6 / (inputs + hidden))
    W = rng.uniform(-bound, bound, (3, hidden, inputs))
    U = np.stack([_orthogonal(hidden, rng) for _ in range(3)])
    head = shapes(inputs, hidden, outputs)
    v = rng.uniform(-1, 1, head["v"]) / np.sqrt(hidden)
    b = np.zeros((3, hidden))
    b[UPDATE] = -1
    values = {"W": W, "U": U, "b": b, "c": np.zeros(hidden), "v": v, "a": np.zeros(head["a"])}
    return {name: value.astype(np.float32) for name, value in values.items()}


def _orthogonal(size: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """A uniformly drawn orthogonal matrix: QR of a Gaussian one, signs fixed (Mezzadri 2007)."""
    q, r = np.linalg.qr(rng.standard_normal((size, size)))
    return np.asarray(q * np.sign(np.diag(r)))
