"""The simulation's seeds as a figure."""

from concurrent.futures import ProcessPoolExecutor

from tests.faults.line import Figure
from tests.simulation.simulation import check


def violation(seed: int) -> str:
    """What went wrong in a run; empty if nothing did."""
    try:
        check(seed)
    except AssertionError as error:
        return str(error)
    return ""


def measure(seeds: int, workers: int = 2) -> Figure:
    """So many seeds."""
    with ProcessPoolExecutor(workers) as pool:
        violations = [found for found in pool.map(violation, range(seeds), chunksize=50) if found]
    first = f"; the first: {violations[0]}" if violations else ""
    return Figure(f"{seeds:,} seeds, {len(violations)} violations{first}", not violations)
