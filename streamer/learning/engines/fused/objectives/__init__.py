"""What several outputs are to predict. Each file: `predict`, from `net.logits` to `net.predictions`, and `slopes`."""
