"""Memory banks in front of the cell: what joins x as input. Each file: its state, `read` (pure) and `keep`."""
