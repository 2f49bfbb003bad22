"""What the optimiser's step is at each update. Each file: its state, and `advance`."""
