"""From the rows of a stream to the numbers that the network gets: standardised, one-hot, missing values filled in.

Knows the rows only, never a target, and no engine.
"""
