"""What pulls the parameters back to where they began. Each file: its state and `pull`."""
