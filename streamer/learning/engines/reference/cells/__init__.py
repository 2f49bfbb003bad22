"""Recurrent cells as torch modules: `forward(x, h)` gives h'. Any module like that can stand in their place."""
