"""Checkpoints: a stream's whole state on disk, written so that a crash at any moment leaves a good one.

May not unpickle anything, nor decide when a checkpoint is due.
"""
