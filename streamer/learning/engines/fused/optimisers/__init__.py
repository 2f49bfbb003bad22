"""Optimisers: from the gradient to the parameters' next values. Each file: its state and `update`."""
