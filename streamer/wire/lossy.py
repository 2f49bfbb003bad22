"""Accounting of the numbers of a feed that may lose, double and reorder, and where nothing can be asked for again.

It is the replay window of IPsec (RFC 4303) with the words of RFC 4737: a number below the next expected one that was
not here before is late, one that was is a duplicate. Numbers jumped over are missing; so what was lost for good is
missing − late. Pure, as `cursor` is for the reliable protocol.
"""

from dataclasses import dataclass

REACH = 64
"""Numbers below the next expected one of which it is remembered whether they came; further down nobody can say."""
RUN = 8
"""So many numbers in a row, all out of reach, are a feed that was begun anew: its publisher was restarted."""

_REACHED = (1 << REACH) - 1


@dataclass(frozen=True, slots=True)
class Position:
    """Where a feed is. Bit i of `seen` tells whether number expected − 1 − i has come."""

    expected: int
    seen: int
    begun: int
    """The first number that came: those below it were published before anybody listened, and are not late."""
    run: int = 0
    """How many numbers in a row were out of reach; the next of them is `run_next`."""
    run_next: int = -1


@dataclass(frozen=True, slots=True)
class Arrival:
    """What consecutive numbers were: how many of each sort, and from which number on they are new."""

    position: Position
    """Where the feed is now."""
    fresh: int
    missing: int = 0
    duplicate: int = 0
    late: int = 0
    stale: int = 0
    """Out of reach: late or doubled, nobody can say."""
    anew: bool = False
    """Whether the feed was begun anew."""


def arrive(position: Position | None, first: int, end: int) -> Arrival:
    """Hold the numbers first ≤ n < end against where the feed is; None if it has only been joined.

    >>> joined = arrive(None, 5, 6).position
    >>> arrive(joined, 8, 9).missing, arrive(arrive(joined, 8, 9).position, 6, 7).late
    (2, 1)
    """
    if position is None:
        return Arrival(_begin(first, end), fresh=first)
    if first >= position.expected:
        return Arrival(_advance(position, first, end), fresh=first, missing=first - position.expected)
    return _behind(position, first, end)


def _begin(first: int, end: int) -> Position:
    return Position(end, _ones(end - first), begun=first)


def _advance(position: Position, first: int, end: int) -> Position:
    skipped = position.seen << min(first - position.expected, REACH)
    count = min(end - first, REACH)
    return Position(end, ((skipped << count) | _ones(count)) & _REACHED, position.begun)


def _behind(position: Position, first: int, end: int) -> Arrival:
    """At least the first number is below the expected one."""
    floor = max(position.expected - REACH, position.begun)
    stale = max(min(end, floor) - first, 0)
    run = stale + (position.run if first == position.run_next else 0)
    if run >= RUN:
        fresh = max(first, min(end, floor) - (run - RUN) - 1)
        return Arrival(_begin(fresh, end), fresh, stale=fresh - first, anew=True)
    fresh = min(end, position.expected)
    seen, duplicate = position.seen, 0
    for number in range(max(first, floor), fresh):
        bit = 1 << (position.expected - 1 - number)
        duplicate += bool(seen & bit)
        seen |= bit
    late = fresh - max(first, floor) - duplicate if fresh > floor else 0
    after = Position(position.expected, seen, position.begun, run if stale else 0, end if stale else -1)
    if end > fresh:
        after = _advance(after, fresh, end)
    return Arrival(after, fresh, duplicate=duplicate, late=late, stale=stale)


def _ones(count: int) -> int:
    return (1 << min(count, REACH)) - 1
