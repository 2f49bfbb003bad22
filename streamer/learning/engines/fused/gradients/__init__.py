"""Gradient methods: how the past enters the gradient.

Each file: its state, `FRONT`, `run` (pure), `gradient` and `advance`.
"""
