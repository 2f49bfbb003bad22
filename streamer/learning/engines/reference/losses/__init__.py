"""Losses of the head's outputs: what is predicted of them, and the loss that autograd takes the gradient of."""
