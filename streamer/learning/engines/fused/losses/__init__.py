"""Losses: what a prediction is, and the loss's slope. Each file: `prediction` and `slope`."""
