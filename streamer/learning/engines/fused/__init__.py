"""The fused engine: the reference's mathematics as compiled kernels, one call a block, the interpreter out of the way.

Each cell, memory, gradient method, optimiser and loss is one file and a line in `pieces`; a kernel is compiled of the
pieces that the settings name, with all sizes constants. May not define what is right (the reference does), nor load
torch; the only package that imports numba.
"""
