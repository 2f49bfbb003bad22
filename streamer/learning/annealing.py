"""The constants of the annealed step size, the same for every engine.

The optimum is flat: 300 to 1000 for 500, 1.1 to 1.3 for 1.2, 500 to 2000 for 2000 learn about as well.
"""

SLOWING = 500
"""After so many updates a step is 1/√2 of the first."""

OLDEST = 99 * SLOWING
"""Where ageing ends, at a tenth of the first step. Were it to go on, an old stream would notice late that it drifts."""

FAST, SLOW = 50, 2000
"""Updates that the two running means of the surprise reach back."""

DRIFT = 1.2
"""So many times the slow mean, the fast one is taken for a drift."""

REJUVENATION = 1 / 50
"""The part of its age that the schedule loses at each update while there is a drift."""
