"""Prequential evaluation: scores of predictions that were fixed before their labels, and the baselines beside them.

May not know a network, a stream's transport or a metric's name.
"""
