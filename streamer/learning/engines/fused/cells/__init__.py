"""Recurrent cells. Each file: its parameters as stored, its step forward, and the step's derivatives."""
