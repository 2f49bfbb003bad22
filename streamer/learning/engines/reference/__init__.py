"""The reference engine: the mathematics in torch, with autograd, to be read. Slow on purpose, right by definition.

Each cell, memory, gradient method, optimiser and loss is one file and a line in `pieces`. May not be optimised at the
price of a reader's understanding; the only package of the learner that imports torch.
"""
