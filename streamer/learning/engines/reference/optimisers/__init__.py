"""Optimisers, each torch's own with our constants: the names of its state, and `rule`."""
