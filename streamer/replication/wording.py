"""How figures of several runs are written: the least and the greatest of them."""

from collections.abc import Sequence

NONE = "–"


def losses(values: Sequence[float]) -> str:
    """At most three decimals, so that a published figure is written as it was published.

    >>> losses([0.0241, 0.0186]), losses([0.18]), losses([0.0001, 0.0002])
    ('.019–.024', '.18', '<.001')
    """
    return _spread([_loss(value) for value in sorted(values)])


def percents(shares: Sequence[float]) -> str:
    """At most one decimal.

    >>> percents([0.998, 0.75]), percents([1.0, 1.0])
    ('75–99.8 %', '100 %')
    """
    return f"{_spread([f'{round(100 * share, 1):g}' for share in sorted(shares)])} %"


def counts(values: Sequence[int]) -> str:
    """Whole numbers.

    >>> counts([1670, 903]), counts([])
    ('903–1,670', '–')
    """
    return _spread([f"{value:,}" for value in sorted(values)])


def solved(moments: Sequence[int | None]) -> str:
    """How many runs solved the task, and at which samples.

    >>> solved([903, None, 670])
    '2/3  670–903'
    """
    reached = [moment for moment in moments if moment is not None]
    return f"{len(reached)}/{len(moments)}  {counts(reached)}"


def share(values: Sequence[bool]) -> str:
    """How many of how many.

    >>> share([True, False])
    '1/2'
    """
    return f"{sum(values)}/{len(values)}"


def _loss(value: float) -> str:
    rounded = round(value, 3)
    return f"{rounded:g}".removeprefix("0") if rounded else "<.001"


def _spread(ordered: Sequence[str]) -> str:
    ends = ordered[:1] if not ordered or ordered[0] == ordered[-1] else (ordered[0], ordered[-1])
    return "–".join(ends) or NONE
