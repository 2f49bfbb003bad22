"""Events that follow from their number, so that one sees of each whether it is the right one."""

import numpy as np

from streamer.samples import A_SAMPLE, Block
from streamer.spool.lines import Event


def event_of(number: int, inputs: int = 2) -> Event:
    """Every fifth is a label, every third sample has none."""
    if number % 5 == 4:
        return Event((0.0,) * inputs, float(number % 2), of=number - 3)
    y = float("nan") if number % 3 == 0 else float(number % 2)
    return Event((float(number), *(float(number % 7) for _ in range(inputs - 1))), y)


def block_of(first: int, count: int, inputs: int = 2) -> Block:
    events = [event_of(number, inputs) for number in range(first, first + count)]
    return Block(
        first,
        np.array([event.x for event in events], np.float32).reshape(count, inputs),
        np.array([event.y for event in events], np.float32),
        np.array([event.of for event in events], np.int64),
    )


def same(one: Block, other: Block) -> bool:
    """Whether two blocks hold the same events; none that is a label is as good as no column for labels."""

    def of(block: Block) -> np.ndarray:
        return np.full(len(block), A_SAMPLE) if block.of is None else block.of

    return (
        one.first == other.first
        and one.inputs.tobytes() == other.inputs.tobytes()
        and one.targets.tobytes() == other.targets.tobytes()
        and np.array_equal(of(one), of(other))
    )
