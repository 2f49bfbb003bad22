"""Linear heads: from h_t to the outputs and, by way of the loss, to predictions and slopes. Each file: for how many."""
