"""The producer's side of the reliable protocol: what to send when, and the module that does it.

May not know the daemon's insides; both sides share `wire` only.
"""
