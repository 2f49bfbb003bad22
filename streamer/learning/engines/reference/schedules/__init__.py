"""Schedules: what the optimiser's step is at each update."""
