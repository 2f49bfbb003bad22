"""The learner: a network, its gradient, its optimiser and their state, one sample at a time.

May not reach a socket, a thread, a clock, HTTP, a log or a file: numbers in, numbers out.
"""
