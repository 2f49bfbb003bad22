"""Optimisers: torch's own with our constants, each the names of its state and `rule`; and a Kalman filter."""
