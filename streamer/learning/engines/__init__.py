"""Engines compute the learner's mathematics. The reference defines what is right; any other must agree with it.

May not check a caller's input (the learner does) nor choose settings.
"""
