"""Members that are no networks: each learns from one sample after another what it can. One file a kind."""
