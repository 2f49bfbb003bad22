"""The systems that this project's story starts from, rebuilt in torch to be run beside the daemon's default.

Each is faithful to its original in what decides its fate: sizes, initialisation, loss, optimiser, and how far its
gradient runs. Many seeds run at once, stacked along the first axis of every array, each a network of its own.
May not be used by the daemon, nor be improved: what fails in the original has to fail here.
"""
