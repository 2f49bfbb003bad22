"""What computes sample by sample at the speed of the machine: where it is kept once compiled, and how it is made.

Knows nothing of what is computed.
"""
