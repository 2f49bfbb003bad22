"""Gradient methods: how the past enters the gradient. Each file: its state, `run` (pure), `gradient`, `advance`."""
