"""Keras' GRU, Dense layer and Adam in torch, for R independent runs stacked along the first axis.

May not share anything with `streamer.learning`: these are the originals' forms, first values and constants, not ours.
"""
