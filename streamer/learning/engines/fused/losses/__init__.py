"""Losses of one output: what its prediction is, and the loss's slope. Each file: `prediction` and `slope`.

For a Kalman filter, what the loss is as an observation.
"""
