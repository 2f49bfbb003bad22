"""Null models: predictors that cost next to nothing. A learner that does not gain over them has learned nothing.

One a file, all behind the protocol in `null`.
"""
