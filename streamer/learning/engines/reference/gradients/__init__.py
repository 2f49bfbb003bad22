"""Gradient methods: how the past enters the gradient that autograd takes of h_t."""
