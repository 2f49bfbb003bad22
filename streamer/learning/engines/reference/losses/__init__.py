"""Losses: `prediction` and `loss` of the head's output."""
